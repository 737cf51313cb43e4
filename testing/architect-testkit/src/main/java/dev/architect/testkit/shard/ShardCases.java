package dev.architect.testkit.shard;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.project.ProjectId;
import dev.architect.shard.MovedKey;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardStore;
import dev.architect.shard.TakenTasks;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two stores of one group, the first of which serves everything, and the steps of a move. */
abstract class ShardCases {

    static final ProjectId MOVING = new ProjectId("apollo");
    static final ProjectId STAYING = new ProjectId("gemini");
    static final int SHARD = MOVING.shard();

    /** The epoch of the first move. */
    static final long MOVE = 2;

    final ManualTime time = new ManualTime();
    private final ShardContract contract;
    private @Nullable Store first;
    private @Nullable Store second;
    private long node;

    ShardCases(ShardContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void openStores() throws Exception {
        first = contract.openFirst(time);
        second = contract.openSecond(time);
        node = first().nodes().join("node-1");
    }

    @AfterEach
    void closeStores() {
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
    }

    Store first() {
        return opened(first);
    }

    Store second() {
        return opened(second);
    }

    private static Store opened(@Nullable Store store) {
        if (store == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return store;
    }

    static ShardStore shards(Store store) {
        return store.shards().orElseThrow();
    }

    void form() {
        shards(first()).join(0, true);
        shards(second()).join(1, false);
    }

    static TaskRequest request(ProjectId project) {
        return TaskRequest.prompt("p").withProject(project);
    }

    static TaskId submit(Store store, TaskRequest request) {
        return store.tasks().submit(List.of(request)).get(0);
    }

    TaskId submit() {
        return submit(first(), request(MOVING));
    }

    List<ClaimedTask> claim(Store store, long incarnation) {
        return store.tasks().claim(ClaimRequest.of(incarnation, 500, Set.of(TaskRequest.PROMPT)));
    }

    List<ClaimedTask> claim() {
        return claim(first(), node);
    }

    boolean finish(Store store, AttemptEnd end) {
        return store.tasks().finish(List.of(end)).contains(end.fencingToken());
    }

    AttemptEnd end(FencingToken token, AttemptOutcome outcome, TaskState next, @Nullable String output) {
        return new AttemptEnd(
                token,
                "llm-1",
                time.wallTime(),
                time.wallTime().plusMillis(250),
                outcome,
                next,
                next == TaskState.SCHEDULED ? Duration.ofSeconds(30) : Duration.ZERO,
                new AttemptResult(
                        Optional.ofNullable(output),
                        output == null ? Optional.of("an error") : Optional.empty(),
                        Optional.empty()));
    }

    AttemptEnd done(FencingToken token, String output) {
        return end(token, AttemptOutcome.SUCCEEDED, TaskState.DONE, output);
    }

    /** Closes the shard in the first store, and lets it arrive in the second one. */
    void begin(long epoch) {
        begin(first(), second(), epoch);
    }

    static void begin(Store from, Store to, long epoch) {
        shards(to).set(SHARD, epoch, ShardPhase.ARRIVING);
        shards(from).set(SHARD, epoch, ShardPhase.SERVED);
        shards(from).set(SHARD, epoch, ShardPhase.LEAVING);
    }

    /** Copies all that does not run, in parts of {@code limit}. */
    static int copy(Store from, Store to, long epoch, int limit) {
        Optional<TaskId> after = Optional.empty();
        int copied = 0;
        do {
            ShardBatch batch = shards(from).take(SHARD, epoch, TakenTasks.IDLE, after, limit);
            shards(to).add(SHARD, epoch, batch.tasks());
            copied += batch.tasks().size();
            after = batch.next();
        } while (after.isPresent());
        Optional<MovedKey> lastKey = Optional.empty();
        do {
            List<MovedKey> keys = shards(from).keys(SHARD, lastKey, limit);
            shards(to).addKeys(SHARD, epoch, keys);
            lastKey = keys.size() < limit ? Optional.empty() : Optional.of(keys.get(keys.size() - 1));
        } while (lastKey.isPresent());
        return copied;
    }

    static void end(Store from, Store to, long epoch) {
        shards(to).set(SHARD, epoch, ShardPhase.SERVED);
        shards(from).set(SHARD, epoch, ShardPhase.GONE);
        clear(from, epoch);
    }

    static void clear(Store store, long epoch) {
        Optional<TaskId> after = Optional.empty();
        do {
            after = shards(store).clear(SHARD, epoch, after, 3);
        } while (after.isPresent());
    }

    static void move(Store from, Store to, long epoch) {
        begin(from, to, epoch);
        copy(from, to, epoch, 2);
        end(from, to, epoch);
    }
}
