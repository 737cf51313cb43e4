package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.milestone.Baseline;
import dev.architect.project.milestone.BurnUp;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.milestone.MilestoneSlip;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Dates that projects promise. Methods block for the store; safe for use by several threads. */
public final class Milestones {

    /** The most milestones of a project. */
    public static final int MOST = 500;

    private static final int MAX_DAYS = 1_000;
    private static final int EVENT_PAGE = 10_000;

    private final Planning planning;

    Milestones(Planning planning) {
        this.planning = planning;
    }

    /** Returns the milestones of a project, oldest first. */
    public List<Milestone> of(ProjectId project) {
        Check.notNull("project", project);
        return planning.read(reads -> {
            Planning.require(reads, project);
            return Planning.parts(reads, SubjectKind.MILESTONE, project, 0, ProjectPartCodec::milestone);
        });
    }

    /**
     * Returns a milestone.
     *
     * @throws PlanningException when there is none with that id
     */
    public Milestone get(MilestoneId id) {
        Check.notNull("id", id);
        return planning.read(reads -> require(reads, id));
    }

    private static Milestone require(ProjectReads reads, MilestoneId id) {
        return ProjectPartCodec.milestone(Planning.require(reads, SubjectKind.MILESTONE, id.value(), id.toString()));
    }

    /** Makes a planned milestone. */
    public Milestone create(ProjectId project, MilestoneDraft draft, Actor by) {
        Check.notNull("project", project);
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return planning.change(project, rows -> {
            Planning.requireOpen(rows, project);
            Planning.requireRoom(
                    rows.parts(SubjectKind.MILESTONE, project, 0, 0, Planning.MOST_PARTS), SubjectKind.MILESTONE, MOST);
            Instant now = planning.now();
            Milestone milestone = new Milestone(
                    new MilestoneId(rows.nextId(project)),
                    project,
                    draft,
                    MilestoneState.PLANNED,
                    Optional.empty(),
                    Revision.first(now, by));
            rows.save(ProjectPartCodec.row(milestone));
            append(rows, milestone, Map.of("created", Map.entry("", draft.title())), by);
            return milestone;
        });
    }

    private static void append(
            ProjectRows rows, Milestone milestone, Map<String, Map.Entry<String, String>> changes, Actor by) {
        Planning.append(
                rows,
                milestone.project(),
                SubjectKind.MILESTONE,
                milestone.id().value(),
                milestone.revision().version(),
                changes,
                by,
                milestone.revision().updatedAt());
    }

    /**
     * Changes what people may change of a milestone. Moving the date of one that is active or missed is a slip.
     *
     * @param cause why the date is moved; required for a slip
     */
    public Milestone edit(MilestoneId id, long version, MilestoneDraft draft, Optional<String> cause, Actor by) {
        Check.notNull("draft", draft);
        Check.notNull("cause", cause);
        return change(id, version, by, (rows, before) -> {
            if (before.state() == MilestoneState.REACHED || before.state() == MilestoneState.DROPPED) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "milestone " + id + " is " + before.state() + ", expected one that is open");
            }
            Milestone after = new Milestone(
                    id,
                    before.project(),
                    draft,
                    before.state(),
                    before.baseline(),
                    before.revision().next(planning.now(), by));
            boolean isMoved = !before.draft().target().equals(draft.target());
            if (isMoved && before.state() != MilestoneState.PLANNED) {
                MilestoneSlip slip = new MilestoneSlip(
                        after.revision().updatedAt(),
                        by,
                        before.draft().target(),
                        draft.target(),
                        cause.orElseThrow(() -> new PlanningException(
                                Kind.NOT_POSSIBLE,
                                "cause",
                                "cause is missing, expected why the date of an active milestone is moved")));
                rows.save(ProjectPartCodec.row(rows.nextId(before.project()), before, slip));
            }
            return after;
        });
    }

    /**
     * Moves a milestone to another state. Its scope at its start is its baseline.
     *
     * @throws PlanningException when that state does not follow, or items of one that is to be reached are open
     */
    public Milestone move(MilestoneId id, long version, MilestoneState state, Actor by) {
        Check.notNull("state", state);
        return change(id, version, by, (rows, before) -> moved(rows, before, state, by));
    }

    /**
     * Says that a milestone is reached; one that is planned begins first.
     *
     * @throws PlanningException when items of it are open
     */
    public Milestone reach(MilestoneId id, long version, Actor by) {
        return change(id, version, by, (rows, before) -> {
            Milestone begun =
                    before.state() == MilestoneState.PLANNED ? moved(rows, before, MilestoneState.ACTIVE, by) : before;
            return moved(
                    rows,
                    new Milestone(
                            begun.id(),
                            begun.project(),
                            begun.draft(),
                            begun.state(),
                            begun.baseline(),
                            before.revision()),
                    MilestoneState.REACHED,
                    by);
        });
    }

    private Milestone moved(ProjectRows rows, Milestone before, MilestoneState state, Actor by) {
        if (!before.state().next().contains(state)) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "state",
                    "milestone " + before.id() + " is " + before.state() + ", expected one of "
                            + before.state().next().stream().sorted().toList() + " to follow, not " + state);
        }
        Instant now = planning.now();
        Optional<Baseline> baseline = before.baseline();
        if (state == MilestoneState.ACTIVE) {
            Map<String, Integer> minutes = new TreeMap<>();
            items(rows, before)
                    .forEach(item -> minutes.put(
                            item.key().toString(),
                            item.draft()
                                    .weight()
                                    .estimate()
                                    .map(Estimate::likely)
                                    .orElse(0)));
            baseline = Optional.of(new Baseline(now, minutes));
        }
        if (state == MilestoneState.REACHED) {
            List<String> open = items(rows, before).stream()
                    .filter(item -> item.progress().doneAt().isEmpty())
                    .map(item -> item.key().toString())
                    .toList();
            if (!open.isEmpty()) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "milestone " + before.id() + " has " + open.size() + " open items, expected none: "
                                + open.subList(0, Math.min(10, open.size())));
            }
        }
        return new Milestone(
                before.id(),
                before.project(),
                before.draft(),
                state,
                baseline,
                before.revision().next(now, by));
    }

    private static List<Item> items(ProjectReads reads, Milestone milestone) {
        return Planning.items(
                reads,
                ItemQuery.of(milestone.project())
                        .with(ItemCondition.of(
                                ItemAspect.MILESTONE,
                                Set.of(String.valueOf(milestone.id().value())))));
    }

    private interface Changing {
        Milestone change(ProjectRows rows, Milestone before);
    }

    private Milestone change(MilestoneId id, long version, Actor by, Changing changing) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        return planning.change(planning.projectOf(SubjectKind.MILESTONE, id.value(), id.toString()), rows -> {
            Milestone before = require(rows, id);
            Planning.requireOpen(rows, before.project());
            Planning.requireVersion(rows, before.project(), SubjectKind.MILESTONE, id.value(), before, version);
            Milestone after = changing.change(rows, before);
            Map<String, Map.Entry<String, String>> changes = new TreeMap<>(
                    ItemCodec.changes(ProjectPartCodec.fields(before.draft()), ProjectPartCodec.fields(after.draft())));
            if (before.state() != after.state()) {
                changes.put(
                        "state", Map.entry(before.state().name(), after.state().name()));
            }
            if (changes.isEmpty()) {
                return before;
            }
            rows.save(ProjectPartCodec.row(after));
            append(rows, after, changes, by);
            return after;
        });
    }

    /** Deletes a milestone that has not begun; its items have none any more. */
    public void delete(MilestoneId id, long version, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        planning.change(planning.projectOf(SubjectKind.MILESTONE, id.value(), id.toString()), rows -> {
            Milestone before = require(rows, id);
            Planning.requireOpen(rows, before.project());
            Planning.requireVersion(rows, before.project(), SubjectKind.MILESTONE, id.value(), before, version);
            if (before.state() != MilestoneState.PLANNED) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "milestone " + id + " is " + before.state()
                                + ", expected one that has not begun; drop it instead");
            }
            rows.forget(SubjectKind.MILESTONE, id.value());
            rows.delete(SubjectKind.MILESTONE, id.value());
            Planning.append(
                    rows,
                    before.project(),
                    SubjectKind.MILESTONE,
                    id.value(),
                    version + 1,
                    Map.of("deleted", Map.entry(before.draft().title(), "")),
                    by,
                    planning.now());
            return true;
        });
    }

    /** Returns how a milestone grew and was worked off. */
    public BurnUp burnUp(MilestoneId id) {
        Check.notNull("id", id);
        return planning.read(reads -> {
            Milestone milestone = require(reads, id);
            List<MilestoneSlip> slips =
                    Planning.parts(reads, SubjectKind.SLIP, milestone.project(), id.value(), ProjectPartCodec::slip);
            List<PlanEvent> events = new ArrayList<>();
            for (String field : List.of("milestone", "stage", "deleted")) {
                events.addAll(all(reads, milestone.project(), field));
            }
            events.sort(Comparator.comparing(PlanEvent::at).thenComparingLong(PlanEvent::sequence));
            return new BurnUp(milestone, days(events, id.toString(), planning.now()), slips);
        });
    }

    private static List<PlanEvent> all(ProjectReads reads, ProjectId project, String field) {
        List<PlanEvent> all = new ArrayList<>();
        List<PlanEvent> page = reads.itemEvents(project, field, 0, EVENT_PAGE);
        all.addAll(page);
        while (page.size() == EVENT_PAGE) {
            page = reads.itemEvents(project, field, page.get(page.size() - 1).sequence(), EVENT_PAGE);
            all.addAll(page);
        }
        return all;
    }

    private static List<BurnUp.Day> days(List<PlanEvent> events, String milestone, Instant now) {
        Set<Long> inScope = new HashSet<>();
        Set<Long> done = new HashSet<>();
        int ended = 0;
        TreeMap<LocalDate, BurnUp.Day> changed = new TreeMap<>();
        for (PlanEvent event : events) {
            Long item = event.subject();
            ended -= inScope.contains(item) && done.contains(item) ? 1 : 0;
            boolean isStage = event.field().equals("stage");
            Set<Long> touched = isStage ? done : inScope;
            if (event.after().equals(isStage ? Stage.DONE.name() : milestone)) {
                touched.add(item);
            } else {
                touched.remove(item);
            }
            ended += inScope.contains(item) && done.contains(item) ? 1 : 0;
            if (!inScope.isEmpty() || !changed.isEmpty()) {
                LocalDate day = LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
                changed.put(day, new BurnUp.Day(day, inScope.size(), ended));
            }
        }
        List<BurnUp.Day> days = new ArrayList<>();
        if (!changed.isEmpty()) {
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            LocalDate first = changed.firstKey();
            LocalDate from = first.isBefore(today.minusDays(MAX_DAYS - 1L)) ? today.minusDays(MAX_DAYS - 1L) : first;
            for (LocalDate day = from; !day.isAfter(today); day = day.plusDays(1)) {
                BurnUp.Day last = changed.floorEntry(day).getValue();
                days.add(new BurnUp.Day(day, last.scope(), last.done()));
            }
        }
        return days;
    }
}
