package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneAdmission;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneFullException;
import dev.architect.lane.LaneRules;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.LaneStore;
import dev.architect.lane.StartRate;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The settings of queues and tenants, and what they allow now. Guarded by the store's lock. */
final class InMemoryLanes implements LaneStore {

    private static final Change READY = Change.of(ChangeKind.TASK_READY);

    private final InMemoryStore store;
    private final NavigableMap<LaneScope, LaneSettings> settings = new TreeMap<>();
    /** When the next task may start by the rate, in microseconds. */
    private final Map<LaneScope, Long> nextStarts = new HashMap<>();

    private LaneRules rules = LaneRules.NONE;

    InMemoryLanes(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public void save(LaneSettings saved) {
        save(saved, Optional.empty());
    }

    @Override
    public boolean change(LaneSettings changed, LaneSettings expected) {
        return save(changed, Optional.of(expected));
    }

    private boolean save(LaneSettings saved, Optional<LaneSettings> expected) {
        return store.changing(READY, isSaved -> isSaved, () -> {
            LaneSettings now = settings.getOrDefault(saved.scope(), LaneSettings.of(saved.scope()));
            if (expected.isPresent() && !expected.get().equals(now)) {
                return false;
            }
            if (settings.size() >= MAX_SETTINGS && !settings.containsKey(saved.scope())) {
                throw new IllegalArgumentException("settings of " + saved.scope() + " are the " + (settings.size() + 1)
                        + "th, expected at most " + MAX_SETTINGS);
            }
            settings.put(saved.scope(), saved);
            store.changed(ChangeTopic.QUEUE, saved.scope().queue());
            rules = new LaneRules(settings.values());
            return true;
        });
    }

    @Override
    public boolean remove(LaneScope scope) {
        return store.changing(READY, isRemoved -> isRemoved, () -> {
            boolean isRemoved = settings.remove(scope) != null;
            store.changed(ChangeTopic.QUEUE, scope.queue());
            nextStarts.remove(scope);
            rules = new LaneRules(settings.values());
            return isRemoved;
        });
    }

    @Override
    public List<LaneSettings> settings() {
        return store.locked(() -> List.copyOf(settings.values()));
    }

    @Override
    public List<LaneCount> counts() {
        return store.locked(() -> {
            Map<Lane.TypeInLane, Map<TaskState, Long>> counts = new LinkedHashMap<>();
            store.taskTable()
                    .unfinished()
                    .forEach(task -> counts.computeIfAbsent(
                                    Lane.TypeInLane.of(task.request), key -> new EnumMap<>(TaskState.class))
                            .merge(task.state, 1L, Long::sum));
            return counts.entrySet().stream()
                    .flatMap(lane -> lane.getValue().entrySet().stream()
                            .map(count -> new LaneCount(
                                    lane.getKey().lane(), lane.getKey().type(), count.getKey(), count.getValue())))
                    .toList();
        });
    }

    /** How many tasks of each lane may be claimed now. */
    Map<Lane, Integer> admit(List<LaneShare> shares) {
        if (settings.isEmpty()) {
            return LaneAdmission.admit(shares, Map.of());
        }
        List<LaneShare> going =
                shares.stream().filter(share -> !rules.isPaused(share.lane())).toList();
        Map<LaneScope, Integer> left = new HashMap<>();
        going.stream()
                .flatMap(share -> rules.of(share.lane()).stream())
                .distinct()
                .filter(LaneSettings::isLimited)
                .forEach(each -> left.put(each.scope(), left(each)));
        return LaneAdmission.admit(going, left);
    }

    private int left(LaneSettings limited) {
        int left = limited.maxRunning()
                .map(most -> Math.max(0, most - (int) count(limited.scope(), state -> state == TaskState.RUNNING)))
                .orElse(Integer.MAX_VALUE);
        return limited.rate()
                .map(rate -> Math.min(left, rate.allowed(nextStart(limited.scope()), nowMicros())))
                .orElse(left);
    }

    private long nextStart(LaneScope scope) {
        return nextStarts.getOrDefault(scope, Long.MIN_VALUE / 2);
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, store.now());
    }

    /** A task of a lane was claimed. */
    void started(Lane lane) {
        for (LaneSettings each : rules.of(lane)) {
            if (each.rate().isPresent()) {
                StartRate rate = each.rate().get();
                nextStarts.put(each.scope(), rate.after(nextStart(each.scope()), nowMicros(), 1));
            }
        }
    }

    /** Before any of them is accepted: fails when a queue or a tenant has no room for them. */
    void requireRoom(Collection<TaskRequest> added) {
        if (!rules.hasBounds()) {
            return;
        }
        Map<LaneScope, Integer> perScope = new TreeMap<>();
        added.forEach(
                request -> rules.of(Lane.of(request)).forEach(each -> perScope.merge(each.scope(), 1, Integer::sum)));
        perScope.keySet().stream()
                .filter(scope ->
                        rules.of(scope).filter(LaneSettings::isDraining).isPresent())
                .findFirst()
                .ifPresent(scope -> {
                    throw new LaneFullException(scope);
                });
        perScope.forEach((scope, more) -> rules.of(scope)
                .flatMap(LaneSettings::maxWaiting)
                .ifPresent(most -> {
                    long waiting = count(scope, state -> state != TaskState.RUNNING);
                    if (waiting + more > most) {
                        throw new LaneFullException(scope, waiting, more, most);
                    }
                }));
    }

    private long count(LaneScope scope, Predicate<TaskState> states) {
        return store.taskTable()
                .unfinished()
                .filter(task -> states.test(task.state) && scope.has(Lane.of(task.request)))
                .count();
    }
}
