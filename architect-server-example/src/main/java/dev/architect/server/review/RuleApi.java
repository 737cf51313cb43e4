package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.history.DryRun;
import dev.architect.planner.approval.history.RecordedDecision;
import dev.architect.planner.approval.history.RuleProposal;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.ApprovalRules;
import dev.architect.planner.review.RuleConflictException;
import dev.architect.planner.review.RuleTrial;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.RecordedApproval;
import dev.architect.review.ReviewStore;
import dev.architect.review.StoredRule;
import dev.architect.server.live.LiveTopics;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The resources {@code /api/approval-rules} and {@code /api/approval-decisions}: what may be done without a person. */
public final class RuleApi {

    private static final String PATH = "/api/approval-rules";
    private static final String ONE = PATH + "/{id}";
    private static final String READ = "reviews";
    private static final String AREA = "rules";
    private static final String RULE = "rule";
    private static final String RULES = "rules";
    private static final String ENABLED = "enabled";
    private static final String ACTION = "action";
    private static final String FOLDER = "folder";
    private static final String ENVIRONMENT = "environment";
    private static final String PROJECT = "project";
    private static final String REQUESTER = "requester";
    private static final String BRANCH = "branch";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";
    private static final int DEFAULT_LIMIT = 50;
    private static final Schema OBJECT = Schema.object().open();

    private static final Schema STORED = Schema.object()
            .required(List.of("id", "author"), Schema.text())
            .required(RULE, Schema.any())
            .required(List.of(ENABLED, "tried"), Schema.truth())
            .required("run", Schema.text().orNull())
            .required("changedAt", Schema.instant())
            .required("version", Schema.integer())
            .open()
            .named("ApprovalRule");

    private static final Schema DRY_RUN = Schema.object()
            .required(RULE, STORED.orNull())
            .required(List.of("replayed", "newlyAllowed", "newlyAsked", "newlyDenied"), Schema.integer())
            .required(
                    "samples",
                    Schema.list(Schema.object()
                            .required(List.of("from", "to"), Schema.words(Verdict.class))
                            .required(ACTION, Schema.any())
                            .open()))
            .required(
                    "conflicts",
                    Schema.list(Schema.object()
                            .required(List.of(RULE, "other"), Schema.text())
                            .required("beaten", Schema.truth())
                            .open()))
            .open()
            .named("RuleDryRun");

    private static final Schema VERDICT = Schema.object()
            .required("decision", Schema.words(Verdict.class))
            .required(RULES, Schema.list(Schema.text()))
            .required(List.of("part", "reason"), Schema.text())
            .open();

    private final Reviews reviews;
    private final ApprovalGate gate;
    private final ApprovalRules rules;

    /**
     * Creates the resource, whose rules judge the decisions about reviews from now on.
     *
     * @param policy the policy of the installation
     */
    public RuleApi(Architect architect, ApprovalPolicy policy, TimeSource time) {
        this.reviews = architect.reviews();
        StoredApprovals approvals = new StoredApprovals(reviews, policy);
        LinkReader links = LinkReader.ofFileSystem();
        this.gate = new ApprovalGate(reviews, approvals, links, ActionContents.ofFileSystem(), time);
        this.rules = new ApprovalRules(reviews, approvals, links);
    }

    /** The rules that people have made, to follow. */
    public LiveTopics topics() {
        return LiveTopics.named(RULES, new RuleTopic(reviews));
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listRules", PATH, Permission.read(READ), this::list)
                        .summary("Lists the rules that people have made, and those of the installation.")
                        .answer(
                                200,
                                "The rules.",
                                Schema.object()
                                        .required(RULES, Schema.list(STORED))
                                        .required("installation", Schema.list(Schema.any()))
                                        .open()),
                Operation.post("createRule", PATH, Permission.write(AREA), this::create)
                        .summary("Keeps a rule; one that allows comes into force after a dry run of it.")
                        .body(Schema.object().required(RULE, OBJECT).closed())
                        .creating()
                        .answer(201, "The rule.", STORED)
                        .refuses(409, "name-taken"),
                Operation.post("checkAction", PATH + "/check", Permission.read(READ), this::check)
                        .summary(
                                "Decides about an action by the rules, with one more if it is there, and does and records nothing.")
                        .body(Schema.object()
                                .required(ACTION, OBJECT)
                                .optional(RULE, OBJECT)
                                .optional(FOLDER, Schema.text())
                                .optional(ENVIRONMENT, Schema.map(Schema.text()))
                                .optional(PROJECT, Schema.text())
                                .optional(REQUESTER, Schema.text())
                                .optional(BRANCH, Schema.text())
                                .closed())
                        .answer(200, "The decision.", VERDICT),
                Operation.post("dryRunRules", PATH + "/dry-run", Permission.write(AREA), this::dryRun)
                        .summary(
                                "Replays what was decided last with a rule more; a stored one may come into force then.")
                        .body(Schema.object()
                                .optional("id", Schema.text())
                                .optional(RULE, OBJECT)
                                .closed())
                        .answer(200, "What would have been decided otherwise.", DRY_RUN)
                        .refuses(404, "not-found")
                        .refuses(412, "stale-version"),
                Operation.get("listRuleProposals", PATH + "/proposals", Permission.read(READ), this::proposals)
                        .summary("Lists rules that people's approvals suggest.")
                        .answer(
                                200,
                                "The proposals.",
                                Schema.object()
                                        .required(
                                                "proposals",
                                                Schema.list(Schema.object()
                                                        .required("id", Schema.text())
                                                        .required(RULE, Schema.any())
                                                        .required("approvals", Schema.integer())
                                                        .required("samples", Schema.list(Schema.any()))
                                                        .open()))
                                        .open()),
                Operation.post("acceptProposal", PATH + "/proposals/{id}/accept", Permission.write(AREA), this::accept)
                        .summary("Puts a proposed rule into force.")
                        .creating()
                        .answer(201, "The rule, with its dry run.", DRY_RUN)
                        .refuses(404, "not-found")
                        .refuses(409, "name-taken"),
                ofOne(Operation.get("getRule", ONE, Permission.read(READ), this::show))
                        .summary("Shows a rule that people have made; its version is the ETag."),
                ofOne(Operation.patch("updateRule", ONE, Permission.write(AREA), this::update))
                        .summary("Changes a rule, or puts it into force and out of it.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(RULE, OBJECT)
                                .optional(ENABLED, Schema.truth())
                                .closed())
                        .refuses(409, "not-tried"),
                ofOne(Operation.delete("deleteRule", ONE, Permission.write(AREA), this::delete))
                        .summary("Deletes a rule.")
                        .ifMatch(),
                Operation.get("listDecisions", "/api/approval-decisions", Permission.read(READ), this::decisions)
                        .summary("Lists what rules have decided, the newest first.")
                        .query(BEFORE, Schema.text(), "Only those before this id: next of the page before.")
                        .query(LIMIT, Schema.integer(1, ReviewStore.MAX_PAGE), "How many at most.")
                        .answer(
                                200,
                                "A page of decisions.",
                                Schema.object()
                                        .required(
                                                "decisions",
                                                Schema.list(Schema.object()
                                                        .required(List.of("id", "part", "reason"), Schema.text())
                                                        .required("at", Schema.instant())
                                                        .required("decision", Schema.words(Verdict.class))
                                                        .required(ACTION, Schema.any())
                                                        .required(RULES, Schema.list(Schema.text()))
                                                        .required("micros", Schema.integer())
                                                        .required(
                                                                List.of(REQUESTER, "run", "review"),
                                                                Schema.text().orNull())
                                                        .required(
                                                                "approved",
                                                                Schema.truth().orNull())
                                                        .open()))
                                        .required("next", Schema.text().orNull())
                                        .open()));
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The rule.", STORED).refuses(404, "not-found");
    }

    private <T> T translated(String field, Supplier<T> call) {
        return ReviewErrors.translated(field, id -> JsonResponseWriter.object(), call);
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode stored = answer.putArray(RULES);
        rules.list().forEach(rule -> stored.add(json(rule)));
        ArrayNode fixed = answer.putArray("installation");
        rules.base()
                .rules()
                .forEach(rule -> JsonResponseWriter.parsed(rule.json()).ifPresent(fixed::add));
        JsonResponseWriter.write(request, answer);
    }

    private void show(Context request) {
        write(request, translated("", () -> rules.get(request.pathParam("id"))));
    }

    private static void write(Context request, StoredRule rule) {
        EntityTag.put(request, rule.version());
        JsonResponseWriter.write(request, json(rule));
    }

    static ObjectNode json(StoredRule rule) {
        ObjectNode json = JsonResponseWriter.object().put("id", rule.id());
        JsonResponseWriter.parsed(rule.text()).ifPresent(parsed -> json.set(RULE, parsed));
        return json.put(ENABLED, rule.isEnabled())
                .put("tried", rule.tried() == rule.version())
                .put("run", rule.run().orElse(null))
                .put("author", rule.author())
                .put("changedAt", rule.changedAt().toString())
                .put("version", rule.version());
    }

    private static String requiredObject(BodyFields fields, String name) {
        fields.object(name);
        return ReviewApi.objectText(fields, name).orElseThrow();
    }

    private void create(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(RULE));
        String text = requiredObject(fields, RULE);
        String actor = ReviewActor.of(request);
        Creations.respond(
                request,
                StoredRule.class,
                () -> translated("rule.", () -> rules.create(text, actor)),
                made -> Creations.answer(
                        201,
                        Map.of("Location", PATH + "/" + made.id(), "ETag", EntityTag.of(made.version())),
                        json(made)));
    }

    private void update(Context request) {
        String id = request.pathParam("id");
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(RULE, ENABLED));
        Optional<String> text = ReviewApi.objectText(fields, RULE);
        Optional<Boolean> isEnabled = fields.truth(ENABLED);
        String actor = ReviewActor.of(request);
        requireVersion(id, version);
        write(request, changed(id, version, () -> rules.update(id, version, text, isEnabled, actor)));
    }

    private void requireVersion(String id, long version) {
        StoredRule now = translated("", () -> rules.get(id));
        if (now.version() != version) {
            throw EntityTag.stale(version, now.version(), json(now), Set.of());
        }
    }

    /** Whoever was faster in between is told of as whoever was before. */
    private StoredRule changed(String id, long version, Supplier<StoredRule> change) {
        return translated("rule.", () -> {
            try {
                return change.get();
            } catch (RuleConflictException conflict) {
                if (conflict.reason() == RuleConflictException.Reason.STALE) {
                    requireVersion(id, version);
                }
                throw conflict;
            }
        });
    }

    private void delete(Context request) {
        String id = request.pathParam("id");
        long version = EntityTag.required(request);
        requireVersion(id, version);
        JsonResponseWriter.write(request, json(changed(id, version, () -> rules.delete(id, version))));
    }

    private void check(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ACTION, RULE, FOLDER, ENVIRONMENT, PROJECT, REQUESTER, BRANCH));
        String text = requiredObject(fields, ACTION);
        Optional<String> rule = ReviewApi.objectText(fields, RULE);
        String folder = fields.text(FOLDER).orElse(rules.base().workspace());
        Map<String, String> environment = fields.textsByName(ENVIRONMENT);
        Optional<String> project = fields.text(PROJECT);
        Optional<String> requester = fields.text(REQUESTER);
        Optional<String> branch = fields.text(BRANCH);
        dev.architect.planner.approval.Context context = translated(
                "",
                () -> dev.architect.planner.approval.Context.builder(folder, reviews.now())
                        .environment(environment)
                        .links(LinkReader.ofFileSystem())
                        .project(project.orElse(null))
                        .requester(requester.orElse(null))
                        .branch(branch.orElse(null))
                        .build());
        Action action = translated("action.", () -> Action.parse(text));
        Decision decision = rule.isEmpty()
                ? translated("", () -> gate.check(action, context))
                : translated("rule.", () -> rules.check(ApprovalRule.parse(rule.get()), action, context));
        ObjectNode answer = JsonResponseWriter.object().put("decision", EnumWords.of(decision.verdict()));
        ReviewJson.put(answer, RULES, decision.rules());
        JsonResponseWriter.write(request, answer.put("part", decision.part()).put("reason", decision.reason()));
    }

    private void dryRun(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of("id", RULE));
        Optional<String> id = fields.text("id");
        Optional<String> text = ReviewApi.objectText(fields, RULE);
        if (id.isPresent() == text.isPresent()) {
            throw fields.invalid(
                    id.isPresent() ? RULE : "id",
                    id.isPresent()
                            ? "rule is there beside id, expected one of them"
                            : "id is missing, expected the id of a rule, or a rule");
        }
        if (id.isPresent()) {
            RuleTrial trial = translated("", () -> rules.trial(id.get()));
            JsonResponseWriter.write(request, json(Optional.of(trial.rule()), trial.run()));
        } else {
            DryRun run = translated("rule.", () -> rules.dryRun(ApprovalRule.parse(text.get())));
            JsonResponseWriter.write(request, json(Optional.empty(), run));
        }
    }

    private static ObjectNode json(Optional<StoredRule> rule, DryRun run) {
        ObjectNode json = JsonResponseWriter.object();
        if (rule.isPresent()) {
            json.set(RULE, json(rule.get()));
        } else {
            json.putNull(RULE);
        }
        json.put("replayed", run.replayed())
                .put("newlyAllowed", run.newly(Verdict.ALLOW))
                .put("newlyAsked", run.newly(Verdict.ASK))
                .put("newlyDenied", run.newly(Verdict.DENY));
        ArrayNode samples = json.putArray("samples");
        for (Verdict verdict : Verdict.values()) {
            for (RecordedDecision one : run.samples().getOrDefault(verdict, List.of())) {
                ObjectNode sample = samples.addObject()
                        .put("from", EnumWords.of(one.verdict()))
                        .put("to", EnumWords.of(verdict));
                JsonResponseWriter.parsed(one.action().json()).ifPresent(parsed -> sample.set(ACTION, parsed));
            }
        }
        ArrayNode conflicts = json.putArray("conflicts");
        run.conflicts()
                .forEach(one -> conflicts
                        .addObject()
                        .put(RULE, one.rule())
                        .put("other", one.other())
                        .put("beaten", one.isBeaten()));
        return json;
    }

    private void proposals(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("proposals");
        for (RuleProposal proposal : rules.proposals()) {
            ObjectNode json = list.addObject().put("id", proposal.rule().id());
            JsonResponseWriter.parsed(proposal.rule().json()).ifPresent(parsed -> json.set(RULE, parsed));
            json.put("approvals", proposal.approvals());
            ArrayNode samples = json.putArray("samples");
            proposal.samples()
                    .forEach(one ->
                            JsonResponseWriter.parsed(one.action().json()).ifPresent(samples::add));
        }
        JsonResponseWriter.write(request, answer);
    }

    private void accept(Context request) {
        String actor = ReviewActor.of(request);
        RuleTrial trial = translated("", () -> rules.tryProposal(request.pathParam("id"), actor));
        Creations.respond(
                request,
                StoredRule.class,
                () -> translated("", () -> rules.accept(trial).rule()),
                made -> Creations.at(PATH + "/" + made.id(), json(Optional.of(made), trial.run())));
    }

    private void decisions(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(BEFORE, LIMIT));
        int limit = parameters.integer(LIMIT, 1, ReviewStore.MAX_PAGE, DEFAULT_LIMIT);
        Optional<Long> before = parameters.text(BEFORE).map(RuleApi::number);
        List<RecordedApproval> found = reviews.decisions(before, limit);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("decisions");
        for (RecordedApproval one : found) {
            ObjectNode json = list.addObject()
                    .put("id", Long.toString(one.id()))
                    .put("at", one.at().toString())
                    .put("decision", one.verdict());
            JsonResponseWriter.parsed(one.action().json()).ifPresent(parsed -> json.set(ACTION, parsed));
            ReviewJson.put(json, RULES, one.rules());
            json.put("part", one.part())
                    .put("reason", one.reason())
                    .put("micros", one.micros())
                    .put(REQUESTER, one.requester().orElse(null))
                    .put("run", one.run().orElse(null))
                    .put("review", one.review().map(Object::toString).orElse(null));
            one.answer().ifPresentOrElse(answered -> json.put("approved", answered), () -> json.putNull("approved"));
        }
        answer.put(
                "next",
                found.size() < limit ? null : Long.toString(found.get(limit - 1).id()));
        JsonResponseWriter.write(request, answer);
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw QueryParameters.invalid(BEFORE, "'" + BodyFields.shorten(text) + "'", "the id of a decision");
        }
        return Long.parseLong(text);
    }
}
