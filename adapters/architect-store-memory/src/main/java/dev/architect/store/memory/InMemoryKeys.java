package dev.architect.store.memory;

import dev.architect.project.ProjectId;
import dev.architect.shard.MovedKey;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The idempotency keys in memory. Guarded by the store's lock. */
final class InMemoryKeys {

    private final InMemoryStore store;
    private final Map<ProjectKey, UsedKey> keys = new HashMap<>();

    InMemoryKeys(InMemoryStore store) {
        this.store = store;
    }

    private record ProjectKey(ProjectId project, IdempotencyKey key) {
        private static ProjectKey of(TaskSubmission submission) {
            return new ProjectKey(
                    submission.request().attribution().project(),
                    submission.key().orElseThrow());
        }
    }

    private record UsedKey(String requestHash, TaskId task, Instant expiresAt) {}

    /** Checks the keys of a whole submission before any of it is accepted: all is, or nothing. */
    void check(List<TaskSubmission> submissions, List<String> requestHashes) {
        Map<ProjectKey, String> wanted = new HashMap<>();
        for (int i = 0; i < submissions.size(); i++) {
            if (submissions.get(i).key().isEmpty()) {
                continue;
            }
            ProjectKey key = ProjectKey.of(submissions.get(i));
            String hash = requestHashes.get(i);
            Optional<UsedKey> used = valid(key);
            if (used.isPresent() && !used.get().requestHash().equals(hash)) {
                throw new IdempotencyKeyReusedException(
                        key.key(), Optional.of(used.get().task()));
            }
            String before = wanted.putIfAbsent(key, hash);
            if (before != null && !before.equals(hash)) {
                throw new IdempotencyKeyReusedException(key.key(), Optional.empty());
            }
        }
    }

    private Optional<UsedKey> valid(ProjectKey key) {
        return Optional.ofNullable(keys.get(key))
                .filter(used -> used.expiresAt().isAfter(store.now()));
    }

    /** Returns the task that the key of a submission was used for. */
    Optional<TaskId> taskOf(TaskSubmission submission) {
        return valid(ProjectKey.of(submission)).map(UsedKey::task);
    }

    void put(TaskSubmission submission, String requestHash, TaskId task) {
        keys.put(ProjectKey.of(submission), new UsedKey(requestHash, task, store.after(IdempotencyKey.RETENTION)));
    }

    void removeExpired() {
        keys.values().removeIf(used -> !used.expiresAt().isAfter(store.now()));
    }

    /** The keys of a shard that have not expired, by project and name. */
    Stream<MovedKey> ofShard(int shard) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getKey().project().shard() == shard)
                .filter(entry -> entry.getValue().expiresAt().isAfter(store.now()))
                .map(entry -> new MovedKey(
                        entry.getKey().project(),
                        entry.getKey().key(),
                        entry.getValue().requestHash(),
                        entry.getValue().task(),
                        entry.getValue().expiresAt()))
                .sorted(Comparator.comparing((MovedKey key) -> key.project().name())
                        .thenComparing(key -> key.key().value()));
    }

    void add(MovedKey key) {
        keys.putIfAbsent(
                new ProjectKey(key.project(), key.key()), new UsedKey(key.requestHash(), key.task(), key.expiresAt()));
    }

    void removeShard(int shard) {
        keys.keySet().removeIf(key -> key.project().shard() == shard);
    }
}
