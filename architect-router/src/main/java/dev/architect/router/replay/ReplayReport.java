package dev.architect.router.replay;

import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What recorded requests would have cost under another policy. Sums are exact, and are over the compared requests alone: those whose
 * recorded and replayed cost are both known.
 *
 * @param decisions one for each record, in their order
 */
public record ReplayReport(List<ReplayedDecision> decisions) {

    /** Copies the list. */
    public ReplayReport {
        decisions = List.copyOf(decisions);
    }

    /** How many requests were answered. */
    public long answered() {
        return decisions.stream().filter(each -> each.recorded().isPresent()).count();
    }

    /** How many of them are in the sums. */
    public long compared() {
        return decisions.stream().filter(ReplayedDecision::isCompared).count();
    }

    /** How many of the answered requests would have gone to another model, or to none. */
    public long changed() {
        return decisions.stream().filter(ReplayedDecision::isChanged).count();
    }

    /** How many of the answered requests no model of the other policy may answer. */
    public long unservable() {
        return decisions.stream()
                .filter(each -> each.recorded().isPresent() && each.chosen().isEmpty())
                .count();
    }

    /** The share of the answered requests that is not in the sums because a price is missing, from 0.0 to 1.0. */
    public double unpricedShare() {
        long answered = answered();
        return answered == 0 ? 0 : (double) (answered - unservable() - compared()) / answered;
    }

    /** What the compared requests have cost. */
    public MoneyTotal recorded() {
        return sum(decisions.stream()
                .filter(ReplayedDecision::isCompared)
                .map(ReplayedDecision::recordedCost)
                .toList());
    }

    /** What they would have cost. */
    public MoneyTotal replayed() {
        return sum(decisions.stream()
                .filter(ReplayedDecision::isCompared)
                .map(ReplayedDecision::replayedCost)
                .toList());
    }

    /** What they would have cost more; negative when less. */
    public MoneyTotal delta() {
        return new MoneyTotal(replayed().picoUsd().subtract(recorded().picoUsd()));
    }

    /** The answered requests by the model that answered and the one that would, those with most requests first. */
    public List<ReplayShift> shifts() {
        Map<List<Optional<ModelId>>, List<ReplayedDecision>> groups = new LinkedHashMap<>();
        for (ReplayedDecision each : decisions) {
            if (each.recorded().isPresent()) {
                groups.computeIfAbsent(List.of(each.recorded(), each.chosen()), way -> new ArrayList<>())
                        .add(each);
            }
        }
        return groups.values().stream()
                .map(ReplayReport::shift)
                .sorted(Comparator.comparingLong(ReplayShift::requests)
                        .reversed()
                        .thenComparing(shift -> shift.recorded().toString())
                        .thenComparing(
                                shift -> shift.chosen().map(ModelId::toString).orElse("")))
                .toList();
    }

    private static ReplayShift shift(List<ReplayedDecision> group) {
        ReplayReport part = new ReplayReport(group);
        ReplayedDecision first = group.get(0);
        return new ReplayShift(
                first.recorded().orElseThrow(),
                first.chosen(),
                group.size(),
                part.compared(),
                part.recorded(),
                part.replayed());
    }

    private static MoneyTotal sum(List<Optional<Money>> amounts) {
        return MoneyTotal.sum(amounts.stream().flatMap(Optional::stream).toList());
    }
}
