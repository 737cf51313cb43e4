package dev.architect.planner.approval.history;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.check.ArgumentCheck;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stops a run whose agent goes on trying what is denied: after three denials in a row, ten in the run, or twenty of its requester in a
 * day (UTC). A denied action that is tried again within the run is answered from the first decision. Safe for use by several threads.
 */
public final class DenialBreaker {

    /** The denials in a row that stop a run. */
    public static final int IN_A_ROW = 3;

    /** The denials that stop a run. */
    public static final int IN_A_RUN = 10;

    /** The denials of a requester in a day that stop its run. */
    public static final int IN_A_DAY = 20;

    private static final int MAX_KEPT = 10_000;

    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Map<String, Day> days = new LinkedHashMap<>();

    /** A denied action with its decision. */
    public record Denial(Action action, Decision decision) {
        /** Checks that both are there. */
        public Denial {
            ArgumentCheck.notNull("action", action);
            ArgumentCheck.notNull("decision", decision);
        }
    }

    private static final class Run {
        private final List<Denial> denials = new ArrayList<>();
        private final Map<Action, Decision> known = new LinkedHashMap<>();
        private int inARow;
        private boolean isOpen;
    }

    private record Day(LocalDate date, int denials) {}

    /** Creates a breaker without any denial. */
    public DenialBreaker() {}

    /** Returns what was decided when this run was first denied the same action; empty when it was not. */
    public synchronized Optional<Decision> known(String run, Action action) {
        ArgumentCheck.notNull("run", run);
        ArgumentCheck.notNull("action", action);
        Run state = runs.get(run);
        return state == null ? Optional.empty() : Optional.ofNullable(state.known.get(action));
    }

    /**
     * Counts a decision.
     *
     * @return whether the run is to be paused, for a person to read its {@link #denials}
     */
    public synchronized boolean record(String run, String requester, Instant time, Action action, Decision decision) {
        ArgumentCheck.notNull("run", run);
        ArgumentCheck.notNull("requester", requester);
        ArgumentCheck.notNull("time", time);
        ArgumentCheck.notNull("action", action);
        Run state = runs.computeIfAbsent(run, any -> new Run());
        bound(runs);
        if (ArgumentCheck.notNull("decision", decision).verdict() != Verdict.DENY) {
            state.inARow = 0;
            return state.isOpen;
        }
        state.inARow++;
        if (state.denials.size() < IN_A_RUN) {
            state.denials.add(new Denial(action, decision));
            state.known.putIfAbsent(action, decision);
        }
        LocalDate date = time.atZone(ZoneOffset.UTC).toLocalDate();
        Day before = days.get(requester);
        Day day = new Day(date, before == null || !before.date().equals(date) ? 1 : before.denials() + 1);
        days.put(requester, day);
        bound(days);
        state.isOpen |= state.inARow >= IN_A_ROW || state.denials.size() >= IN_A_RUN || day.denials() >= IN_A_DAY;
        return state.isOpen;
    }

    /** Returns what a run was denied, the first ten, oldest first. */
    public synchronized List<Denial> denials(String run) {
        Run state = runs.get(ArgumentCheck.notNull("run", run));
        return state == null ? List.of() : List.copyOf(state.denials);
    }

    /** Lets a paused run go on: a person has read its denials. The count of the day stays. */
    public synchronized void resume(String run) {
        runs.remove(ArgumentCheck.notNull("run", run));
    }

    /** Forgets a run that has ended. */
    public synchronized void end(String run) {
        runs.remove(ArgumentCheck.notNull("run", run));
    }

    private static <V> void bound(Map<String, V> map) {
        if (map.size() > MAX_KEPT) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
