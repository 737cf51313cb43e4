package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.StoreException;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskRetention;
import dev.architect.node.NodeRole;
import dev.architect.recurring.CatchUp;
import dev.architect.recurring.Recurrence;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.schedule.RecurringRounds;
import dev.architect.spi.TaskStore;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Schedules over three nodes that all fire at the same time: each may stop between reading and firing, while others go on, may die, and may not
 * see the end of a firing; all may be down for hours, and the clock of the store is set forward and back. Every firing is compared with the
 * instants that the wall clock says, which are counted here day by day. One thread; everything comes from one seed.
 */
final class ScheduleSimulation {

    private static final int NODES = 3;
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final List<ZoneId> ZONES = List.of(
            ZoneOffset.UTC,
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("America/Santiago"));

    private final SplittableRandom random;
    private final ManualTime time;
    private final InMemoryStore memory;
    private final ScheduleStore store;
    private final boolean comparesAndSets;
    private final List<RecurringRounds> nodes = new ArrayList<>();
    private final Instant[] downUntil = new Instant[NODES];
    private final Map<Long, Watched> watched = new HashMap<>();
    private final Set<TaskId> open = new HashSet<>();
    private int depth;
    private long fired;
    private long passedOver;
    private long races;
    private long purged;

    /** A schedule, and what was seen of it. */
    private static final class Watched {
        private final TreeSet<Instant> instants;
        private final CatchUp catchUp;
        private Instant over;
        private boolean isPaused;

        Watched(TreeSet<Instant> instants, CatchUp catchUp, Instant created) {
            this.instants = instants;
            this.catchUp = catchUp;
            this.over = created;
        }
    }

    /**
     * What has come of it.
     *
     * @param races how often a firing found that another node had been faster
     */
    record Outcome(long fired, long passedOver, long races) {}

    private ScheduleSimulation(long seed, Instant start, boolean comparesAndSets) {
        this.random = new SplittableRandom(seed);
        this.time = new ManualTime(start, seed);
        this.memory = new InMemoryStore(time);
        this.store = memory.schedules().orElseThrow();
        this.comparesAndSets = comparesAndSets;
        for (int i = 0; i < NODES; i++) {
            int node = i;
            downUntil[i] = Instant.EPOCH;
            ScheduleStore ofNode = (ScheduleStore) Proxy.newProxyInstance(
                    ScheduleStore.class.getClassLoader(),
                    new Class<?>[] {ScheduleStore.class},
                    (proxy, method, args) -> {
                        try {
                            return method.getName().equals("fire")
                                    ? fire(node, (ScheduleFiring) args[0])
                                    : read(method.getName(), method.invoke(store, args));
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    });
            nodes.add(new RecurringRounds(ofNode, (schedule, run) -> {}));
        }
    }

    /** Runs schedules for a span. Throws an {@link AssertionError} when one was not fired as it should. */
    static Outcome run(long seed, int schedules, Instant start, Duration span, boolean comparesAndSets) {
        ScheduleSimulation simulation = new ScheduleSimulation(seed, start, comparesAndSets);
        simulation.make(schedules, start, span);
        simulation.live(start.plus(span));
        return new Outcome(simulation.fired, simulation.passedOver, simulation.races);
    }

    private void make(int schedules, Instant start, Duration span) {
        Instant end = start.plus(span).plus(Duration.ofDays(3));
        for (int i = 0; i < schedules; i++) {
            CatchUp catchUp = List.of(CatchUp.NONE, CatchUp.LAST, CatchUp.all(3), CatchUp.all(CatchUp.MAX_LIMIT))
                    .get(random.nextInt(4));
            Recurrence recurrence;
            TreeSet<Instant> instants;
            if (random.nextInt(5) == 0) {
                Duration every = Duration.ofMinutes(random.nextInt(60, 3_000));
                recurrence = Recurrence.every(every);
                instants = new TreeSet<>();
                for (Instant each = start.plus(every); !each.isAfter(end); each = each.plus(every)) {
                    instants.add(each);
                }
            } else {
                ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
                int minute = random.nextInt(60);
                int other = random.nextInt(60);
                // Around the hours that are skipped and repeated, more often than not.
                int first = random.nextInt(3) > 0 ? random.nextInt(4) : random.nextInt(24);
                int last = random.nextInt(8) == 0 ? 23 : Math.min(23, first + random.nextInt(2));
                int day = random.nextInt(10);
                String days = day < 7 ? String.valueOf(day) : "*";
                recurrence = Recurrence.cron(minute + "," + other + " " + first + "-" + last + " * * " + days, zone);
                instants = instants(zone, new TreeSet<>(List.of(minute, other)), first, last, day, start, end);
            }
            ScheduleRequest request = new ScheduleRequest("s" + i, recurrence, TaskRequest.of("work", ""), catchUp);
            Schedule made =
                    store.create(request, start, recurrence.next(start, start)).orElseThrow();
            watched.put(made.id(), new Watched(instants, catchUp, start));
        }
    }

    /** By hand: every time that the wall clock shows, the first time; and the end of a gap for those that it skips. */
    private static TreeSet<Instant> instants(
            ZoneId zone, Set<Integer> minutes, int first, int last, int day, Instant start, Instant end) {
        TreeSet<Instant> instants = new TreeSet<>();
        LocalDate date = LocalDate.ofInstant(start, zone);
        for (; !date.isAfter(LocalDate.ofInstant(end, zone)); date = date.plusDays(1)) {
            if (day < 7 && date.getDayOfWeek().getValue() % 7 != day) {
                continue;
            }
            for (int hour = first; hour <= last; hour++) {
                for (int minute : minutes) {
                    LocalDateTime local = date.atTime(hour, minute);
                    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
                    Instant instant = offsets.isEmpty()
                            ? zone.getRules().getTransition(local).getInstant()
                            : local.toInstant(offsets.get(0));
                    if (instant.isAfter(start) && !instant.isAfter(end)) {
                        instants.add(instant);
                    }
                }
            }
        }
        return instants;
    }

    private void live(Instant end) {
        Instant nextPurge = time.wallTime();
        while (time.wallTime().isBefore(end)) {
            Duration wait = store.untilNext().orElse(Duration.ofDays(1));
            time.advance(wait.plusMillis(random.nextInt(3_000)));
            disturb();
            round(random.nextInt(NODES));
            if (!time.wallTime().isBefore(nextPurge)) {
                purge();
                nextPurge = time.wallTime().plus(Duration.ofDays(2));
            }
        }
        // Everybody comes back, and all that is due is fired.
        Arrays.fill(downUntil, Instant.EPOCH);
        for (Schedule schedule : store.list(Optional.empty(), ScheduleStore.MAX_PAGE)) {
            if (schedule.isPaused()) {
                resume(schedule);
            }
        }
        for (int i = 0; i < 1_000 && store.untilNext().filter(Duration::isZero).isPresent(); i++) {
            round(i % NODES);
        }
        assertThat(store.untilNext().filter(Duration::isZero)).isEmpty();
        Instant now = time.wallTime();
        watched.forEach((id, each) -> assertThat(each.instants.subSet(each.over, false, now, true))
                .as("instants of schedule %d that nobody has fired", id)
                .isEmpty());
        purge();
        assertThat(memory.tasks().counts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        + purged)
                .as("tasks")
                .isEqualTo(fired);
    }

    private void disturb() {
        int fate = random.nextInt(400);
        Instant now = time.wallTime();
        if (fate == 0) {
            // An outage of all.
            time.advance(Duration.ofMinutes(random.nextInt(1, 1_500)));
        } else if (fate == 1) {
            time.jumpWall(Duration.ofMinutes(random.nextInt(1, 150)));
        } else if (fate == 2) {
            time.jumpWall(Duration.ofMinutes(-random.nextInt(1, 150)));
        } else if (fate < 12) {
            downUntil[random.nextInt(NODES)] = now.plus(Duration.ofMinutes(random.nextInt(1, 300)));
        } else if (fate < 16) {
            List<Schedule> all = store.list(Optional.empty(), ScheduleStore.MAX_PAGE);
            Schedule schedule = all.get(random.nextInt(all.size()));
            if (schedule.isPaused()) {
                resume(schedule);
            } else {
                store.update(schedule.paused()).orElseThrow();
                watchedOf(schedule).isPaused = true;
            }
        }
    }

    private void resume(Schedule schedule) {
        Instant now = store.now();
        store.update(schedule.resumed(now)).orElseThrow();
        Watched each = watchedOf(schedule);
        each.isPaused = false;
        each.over = each.over.isAfter(now) ? each.over : now;
    }

    private Watched watchedOf(Schedule schedule) {
        return watched.getOrDefault(schedule.id(), new Watched(new TreeSet<>(), CatchUp.NONE, Instant.EPOCH));
    }

    private void round(int node) {
        if (time.wallTime().isBefore(downUntil[node])) {
            return;
        }
        depth++;
        try {
            nodes.get(node).run(new NodeRole("cron", 1, 1));
        } catch (StoreException lost) {
            // Its end was not seen, or the node has died: another round looks again.
        } finally {
            depth--;
        }
    }

    /** Others may go on before this node does what it has read. */
    private Object read(String method, Object result) {
        if (method.equals("due") && depth < NODES && random.nextInt(4) == 0) {
            round(random.nextInt(NODES));
        }
        return result;
    }

    private Optional<List<ScheduleRun>> fire(int node, ScheduleFiring firing) {
        int fate = random.nextInt(100);
        if (fate == 0) {
            downUntil[node] = time.wallTime().plus(Duration.ofMinutes(5));
            throw new StoreException(StoreException.Kind.INACCESSIBLE, "the node died before it fired", null);
        }
        Optional<List<ScheduleRun>> runs = store.fire(comparesAndSets ? firing : asItIsNow(firing));
        runs.ifPresentOrElse(made -> check(firing, made), () -> races++);
        if (fate == 1) {
            throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the reply was lost", null);
        }
        return runs;
    }

    /** The defect: whatever is there is overwritten. */
    private ScheduleFiring asItIsNow(ScheduleFiring firing) {
        return store.find(firing.schedule().name())
                .map(now -> new ScheduleFiring(now, firing.next(), firing.last(), firing.items()))
                .orElse(firing);
    }

    private void check(ScheduleFiring firing, List<ScheduleRun> runs) {
        Watched each = watchedOf(firing.schedule());
        Instant now = firing.last().orElseThrow();
        List<Instant> due = List.copyOf(each.instants.subSet(each.over, false, now, true));
        List<Instant> onTime = due.stream()
                .filter(instant -> !instant.isBefore(now.minus(Schedule.GRACE)))
                .toList();
        List<Instant> missed = due.subList(0, due.size() - onTime.size());
        int wanted = each.catchUp.equals(CatchUp.LAST) && !onTime.isEmpty() ? 0 : each.catchUp.limit();
        List<Instant> expected = new ArrayList<>(missed.subList(Math.max(0, missed.size() - wanted), missed.size()));
        expected.addAll(onTime);
        assertThat(each.isPaused).as("%s is paused", firing.schedule()).isFalse();
        assertThat(due).as("%s at %s", firing.schedule(), now).isNotEmpty();
        assertThat(firing.schedule().next()).as("%s", firing.schedule()).contains(due.get(0));
        assertThat(runs)
                .as("%s at %s", firing.schedule(), now)
                .extracting(ScheduleRun::instant)
                .isEqualTo(expected);
        for (ScheduleRun run : runs) {
            assertThat(open.add(run.task().orElseThrow()))
                    .as("a task of its own for each instant of %s", firing.schedule())
                    .isTrue();
        }
        fired += runs.size();
        passedOver += due.size() - expected.size();
        each.over = now;
    }

    /** So that a year has room in memory. */
    private void purge() {
        TaskStore tasks = memory.tasks();
        open.forEach(tasks::cancel);
        TaskRetention none = new TaskRetention(KEPT, KEPT, KEPT);
        Optional<PurgeCursor> cursor = Optional.empty();
        do {
            PurgedTasks step = tasks.purge(none, cursor, TaskStore.MAX_BATCH);
            purged += step.tasks();
            cursor = step.next();
        } while (cursor.isPresent());
        open.removeIf(id -> tasks.find(id).isEmpty());
    }
}
