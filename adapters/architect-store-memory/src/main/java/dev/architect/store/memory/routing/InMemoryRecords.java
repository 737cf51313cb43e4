package dev.architect.store.memory.routing;

import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoreLock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records of decisions and feedback. Guarded by the lock of the store. */
public final class InMemoryRecords implements RecordStore {

    private static final int MAX_DELETED = 10_000;

    private final StoreLock store;
    private final TreeMap<Long, DecisionRecord> decisions = new TreeMap<>();
    private final Map<String, Feedback> feedback = new HashMap<>();
    private long lastSequence;

    /** Creates an empty one of the store that {@code store} guards. */
    public InMemoryRecords(StoreLock store) {
        this.store = store;
    }

    @Override
    public void append(List<DecisionRecord> added) {
        List<DecisionRecord> copy = List.copyOf(added);
        store.locked(() -> {
            for (DecisionRecord decision : copy) {
                decisions.put(++lastSequence, decision);
            }
            return true;
        });
    }

    @Override
    public List<DecisionRecord> find(DecisionQuery query) {
        return store.locked(() -> decisions.headMap(query.before(), false).descendingMap().entrySet().stream()
                .filter(each -> isWanted(each.getValue(), query))
                .limit(query.limit())
                .map(each -> each.getValue()
                        .stored(
                                each.getKey(),
                                Optional.ofNullable(feedback.get(each.getValue().requestId()))))
                .toList());
    }

    @Override
    public Optional<DecisionRecord> ofRequest(String requestId) {
        return store.locked(() -> decisions.descendingMap().entrySet().stream()
                .filter(each -> each.getValue().requestId().equals(requestId))
                .findFirst()
                .map(each -> each.getValue().stored(each.getKey(), Optional.ofNullable(feedback.get(requestId)))));
    }

    private static boolean isWanted(DecisionRecord decision, DecisionQuery query) {
        return query.from().filter(decision.at()::isBefore).isEmpty()
                && query.until().filter(until -> !decision.at().isBefore(until)).isEmpty()
                && (query.model().isEmpty()
                        || query.model().equals(decision.result().answered()))
                && query.outcome()
                        .filter(outcome -> outcome != decision.result().outcome())
                        .isEmpty()
                && query.project()
                        .filter(project -> !project.equals(decision.project()))
                        .isEmpty();
    }

    @Override
    public void keep(List<Feedback> given) {
        List<Feedback> copy = List.copyOf(given);
        store.locked(() -> {
            copy.forEach(each -> feedback.put(each.requestId(), each));
            return true;
        });
    }

    @Override
    public Optional<Feedback> feedback(String requestId) {
        return store.locked(() -> Optional.ofNullable(feedback.get(requestId)));
    }

    @Override
    public List<Feedback> feedbackAfter(Instant at, String requestId, int limit) {
        PageLimit.check(limit, DecisionQuery.MAX_LIMIT);
        Comparator<Feedback> order = Comparator.comparing(Feedback::at).thenComparing(Feedback::requestId);
        return store.locked(() -> feedback.values().stream()
                .filter(each -> each.at().isAfter(at)
                        || (each.at().equals(at) && each.requestId().compareTo(requestId) > 0))
                .sorted(order)
                .limit(limit)
                .toList());
    }

    @Override
    public int deleteBefore(Instant time, int limit) {
        PageLimit.check(limit, MAX_DELETED);
        return store.locked(() -> {
            List<Long> old = decisions.entrySet().stream()
                    .filter(each -> each.getValue().at().isBefore(time))
                    .sorted(Comparator.comparing(each -> each.getValue().at()))
                    .limit(limit)
                    .map(Map.Entry::getKey)
                    .toList();
            List<String> said = feedback.values().stream()
                    .filter(each -> each.at().isBefore(time))
                    .sorted(Comparator.comparing(Feedback::at))
                    .limit(limit)
                    .map(Feedback::requestId)
                    .toList();
            decisions.keySet().removeAll(old);
            feedback.keySet().removeAll(said);
            return old.size() + said.size();
        });
    }
}
