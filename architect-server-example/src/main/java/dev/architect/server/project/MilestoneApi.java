package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.milestone.BurnUp;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.milestone.MilestoneSlip;
import dev.architect.project.milestone.MilestoneState;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Milestones. */
public final class MilestoneApi {

    private static final String LIST = "/api/projects/{key}/milestones";
    private static final String ONE = "/api/milestones/{id}";
    private static final Set<String> FIELDS = Set.of("title", "description", "target");
    private static final Set<String> CHANGES = Set.of("title", "description", "target", "state", "cause");

    private final Architect architect;

    /** Creates the resource. */
    public MilestoneApi(Architect architect) {
        this.architect = architect;
    }

    private static Schema.Fields draft() {
        return Schema.object().optional("description", Schema.text()).optional("target", Schema.text());
    }

    /** Its operations. */
    public List<Operation> operations() {
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        return List.of(
                ProjectRequest.reading(Operation.get(
                                "listMilestones",
                                LIST,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        architect.projects().milestones().of(ProjectRequest.project(request))))))
                        .summary("Lists the milestones of a project, oldest first.")
                        .answer(200, "Milestones.", ProjectJson.all(ProjectJson.MILESTONE)),
                ProjectRequest.writing(
                                Operation.post("createMilestone", LIST, write, ProjectRequest.handler(this::create)))
                        .summary("Makes a planned milestone.")
                        .body(draft().required("title", Schema.text(1, 200)).closed())
                        .creating()
                        .answer(201, "The milestone.", ProjectJson.MILESTONE),
                ProjectRequest.reading(Operation.get(
                                "getMilestone",
                                ONE,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        200,
                                        architect.projects().milestones().get(id(request))))))
                        .summary("Shows a milestone.")
                        .answer(200, "The milestone.", ProjectJson.MILESTONE),
                ProjectRequest.writing(
                                Operation.patch("updateMilestone", ONE, write, ProjectRequest.handler(this::update)))
                        .summary(
                                "Changes some fields of a milestone, or its state; a moved date of an active one needs a cause.")
                        .ifMatch()
                        .body(draft().optional("title", Schema.text(1, 200))
                                .optional("state", Schema.words("active", "missed", "dropped"))
                                .optional("cause", Schema.text(1, MilestoneSlip.MAX_CAUSE_CHARACTERS))
                                .closed())
                        .answer(200, "The milestone.", ProjectJson.MILESTONE),
                ProjectRequest.writing(Operation.delete(
                                "deleteMilestone", ONE, write, ProjectRequest.handler(request -> {
                                    long version = EntityTag.required(request);
                                    architect
                                            .projects()
                                            .milestones()
                                            .delete(id(request), version, ProjectRequest.actor(request));
                                    request.status(204);
                                })))
                        .summary("Deletes a milestone that has not begun.")
                        .ifMatch()
                        .answer(204, "It is gone."),
                ProjectRequest.writing(Operation.post(
                                "reachMilestone", ONE + "/reach", write, ProjectRequest.handler(this::reach)))
                        .summary("Says that a milestone is reached; none of its items may be open.")
                        .ifMatch()
                        .answer(200, "The milestone.", ProjectJson.MILESTONE),
                ProjectRequest.reading(
                                Operation.get("getBurnUp", ONE + "/burnup", read, ProjectRequest.handler(this::burnUp)))
                        .summary(
                                "Shows how a milestone grew and was worked off, day by day, and how its date was moved.")
                        .answer(
                                200,
                                "The days.",
                                Schema.object()
                                        .required("milestone", ProjectJson.MILESTONE)
                                        .required(
                                                "days",
                                                Schema.list(Schema.object()
                                                        .required("day", Schema.text())
                                                        .required(List.of("scope", "done"), Schema.integer())
                                                        .open()))
                                        .required(
                                                "slips",
                                                Schema.list(Schema.object()
                                                        .required("at", Schema.instant())
                                                        .required(List.of("by", "cause"), Schema.text())
                                                        .optional("before", Schema.text())
                                                        .optional("after", Schema.text())
                                                        .open()))
                                        .open()));
    }

    private static MilestoneId id(Context request) {
        return ProjectRequest.id(request, MilestoneId::parse);
    }

    private void create(Context request) {
        ProjectId project = ProjectRequest.project(request);
        MilestoneDraft draft = ProjectPartCodec.milestoneDraft(ProjectRequest.body(request, FIELDS));
        Actor actor = ProjectRequest.actor(request);
        ProjectRequest.create(
                request,
                Milestone.class,
                () -> architect.projects().milestones().create(project, draft, actor));
    }

    private void update(Context request) {
        long version = EntityTag.required(request);
        ObjectNode body = JsonBodyReader.read(request);
        JsonFields changes = ProjectRequest.fields(body, CHANGES);
        Optional<MilestoneState> state = changes.constant("state", MilestoneState.class);
        if (state.filter(each -> each == MilestoneState.PLANNED || each == MilestoneState.REACHED)
                .isPresent()) {
            throw changes.invalid("state", "'" + JsonFields.wordOf(state.get()) + "'", "active, missed or dropped");
        }
        Milestone before = architect.projects().milestones().get(id(request));
        ObjectNode merged = ProjectRequest.patched(ProjectPartCodec.fields(before.draft()), body, CHANGES);
        Optional<String> cause = changes.text("cause");
        if (cause.filter(why -> why.isBlank() || why.length() > MilestoneSlip.MAX_CAUSE_CHARACTERS)
                .isPresent()) {
            throw changes.invalid(
                    "cause",
                    cause.get().isBlank() ? "blank" : cause.get().length() + " characters",
                    "1 to " + MilestoneSlip.MAX_CAUSE_CHARACTERS + " characters that say why");
        }
        merged.remove(List.of("state", "cause"));
        MilestoneDraft draft = ProjectPartCodec.milestoneDraft(JsonFields.parse(merged.toString()));
        Milestone after = architect
                .projects()
                .milestones()
                .edit(before.id(), version, draft, cause, ProjectRequest.actor(request));
        if (state.isPresent()) {
            after = architect
                    .projects()
                    .milestones()
                    .move(before.id(), after.revision().version(), state.get(), ProjectRequest.actor(request));
        }
        ProjectRequest.answer(request, 200, after);
    }

    private void reach(Context request) {
        long version = EntityTag.required(request);
        ProjectRequest.answer(
                request,
                200,
                architect.projects().milestones().reach(id(request), version, ProjectRequest.actor(request)));
    }

    private void burnUp(Context request) {
        BurnUp burnUp = architect.projects().milestones().burnUp(id(request));
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("milestone", ProjectJson.of(burnUp.milestone()));
        ArrayNode days = answer.putArray("days");
        burnUp.days()
                .forEach(day -> days.addObject()
                        .put("day", day.day().toString())
                        .put("scope", day.scope())
                        .put("done", day.done()));
        ArrayNode slips = answer.putArray("slips");
        burnUp.slips().forEach(slip -> slips.add(ProjectRequest.tree(ProjectPartCodec.fields(slip))));
        JsonResponseWriter.write(request, answer);
    }
}
