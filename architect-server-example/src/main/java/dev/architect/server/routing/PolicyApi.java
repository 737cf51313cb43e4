package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.control.OwnPolicy;
import dev.architect.control.RouterControl;
import dev.architect.error.FileProblem;
import dev.architect.routing.Routing;
import dev.architect.routing.StaleSettingException;
import dev.architect.routing.StoredPolicy;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The routing policy: what is in force, drafts, and earlier versions. */
public final class PolicyApi {

    private static final String PATH = "/api/policy";
    private static final String VERSIONS = PATH + "/versions";
    private static final String AREA = "policy";
    private static final String TEXT = "text";
    private static final String REMARK = "remark";
    private static final String NUMBER = "number";
    private static final String STORED = "stored";

    private static final Schema POLICY = Schema.object()
            .required("version", Schema.integer())
            .required("policy", Schema.text())
            .required("source", Schema.words(STORED, "file", "standard", "program"))
            .required(List.of(TEXT, "by", "refused"), Schema.text().orNull())
            .required("at", Schema.instant().orNull())
            .required(REMARK, Schema.text())
            .open()
            .named("Policy");

    private static final Schema VERSION = Schema.object()
            .required("version", Schema.integer())
            .required("at", Schema.instant())
            .required(List.of("by", REMARK), Schema.text())
            .required("current", Schema.truth())
            .open();

    private static final Schema VERSION_WITH_TEXT =
            Schema.object().all(VERSION).required(TEXT, Schema.text().orNull()).open();

    private static final Schema VERDICT = Schema.object()
            .required("valid", Schema.truth())
            .required(
                    "problems",
                    Schema.list(Schema.object()
                            .required(List.of("line", "column"), Schema.integer())
                            .required(List.of("field", "detail"), Schema.text())
                            .open()))
            .open();

    private final Architect architect;

    /** Creates the resource. */
    public PolicyApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("getPolicy", PATH, Permission.read(AREA), this::show)
                        .summary("Shows the routing policy that is in force.")
                        .answer(200, "The policy.", POLICY)
                        .refuses(409, "wrong-state"),
                Operation.put("savePolicy", PATH, Permission.write(AREA), this::save)
                        .summary("Puts a routing policy into force on all nodes, or with null that of each node.")
                        .ifMatch()
                        .body(Schema.object()
                                .required(
                                        TEXT,
                                        Schema.text(1, StoredPolicy.MAX_TEXT).orNull())
                                .optional(REMARK, Schema.text(0, StoredPolicy.MAX_REMARK))
                                .closed())
                        .answer(200, "The policy.", POLICY)
                        .refuses(409, "wrong-state"),
                Operation.post("checkPolicy", PATH + "/check", Permission.read(AREA), this::check)
                        .summary("Says what is wrong with the draft of a routing policy, and changes nothing.")
                        .body(Schema.object()
                                .required(TEXT, Schema.text(1, StoredPolicy.MAX_TEXT))
                                .closed())
                        .answer(200, "What is wrong, in the order of the lines.", VERDICT)
                        .refuses(409, "wrong-state"),
                Operation.post("reloadPolicy", PATH + "/reload", Permission.write(AREA), this::reload)
                        .summary(
                                "Puts the policy that this node was started with, as its file has it now, into force on all nodes.")
                        .answer(200, "The policy.", POLICY)
                        .refuses(409, "wrong-state"),
                Operation.get("listPolicyVersions", VERSIONS, Permission.read(AREA), this::versions)
                        .summary("Lists the versions of the policy that are kept, the newest first.")
                        .answer(
                                200,
                                "The versions.",
                                Schema.object()
                                        .required("versions", Schema.list(VERSION))
                                        .open()),
                Operation.get("getPolicyVersion", VERSIONS + "/{number}", Permission.read(AREA), this::version)
                        .summary("Shows a version of the policy.")
                        .answer(200, "The version.", VERSION_WITH_TEXT)
                        .refuses(404, "not-found"),
                Operation.post(
                                "restorePolicyVersion",
                                VERSIONS + "/{number}/restore",
                                Permission.write(AREA),
                                this::restore)
                        .summary("Puts an earlier version of the policy into force again, as a new one.")
                        .answer(200, "The policy.", POLICY)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"));
    }

    private Routing routing() {
        return architect.routing();
    }

    private RouterControl router() {
        return RoutingErrors.router(architect);
    }

    private void show(Context request) {
        write(request, routing().policy());
    }

    private void write(Context request, Optional<StoredPolicy> stored) {
        EntityTag.put(request, stored.map(StoredPolicy::version).orElse(0L));
        JsonResponseWriter.write(request, json(stored));
    }

    private ObjectNode json(Optional<StoredPolicy> stored) {
        RouterControl router = router();
        Optional<String> text = stored.flatMap(StoredPolicy::text);
        OwnPolicy own = text.isPresent() ? new OwnPolicy(OwnPolicy.Source.PROGRAM, text) : router.ownPolicy();
        return JsonResponseWriter.object()
                .put("version", stored.map(StoredPolicy::version).orElse(0L))
                .put("policy", router.policyVersion())
                .put("source", text.isPresent() ? STORED : EnumWords.of(own.source()))
                .put(TEXT, own.text().orElse(null))
                .put("by", stored.map(StoredPolicy::by).orElse(null))
                .put("at", stored.map(StoredPolicy::at).map(Instant::toString).orElse(null))
                .put(REMARK, stored.map(StoredPolicy::remark).orElse(""))
                .put("refused", routing().policyRefusal().orElse(null));
    }

    private void save(Context request) {
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TEXT, REMARK));
        if (!fields.names().contains(TEXT)) {
            throw fields.invalid(TEXT, TEXT + " is missing, expected a policy, or null for that of each node");
        }
        Optional<String> text = fields.text(TEXT);
        text.ifPresent(policy -> requireLength(fields, policy));
        String remark = fields.text(REMARK).orElse("");
        if (remark.length() > StoredPolicy.MAX_REMARK) {
            throw fields.invalid(
                    REMARK,
                    REMARK + " has " + remark.length() + " characters, expected at most " + StoredPolicy.MAX_REMARK);
        }
        text.ifPresent(this::requireValid);
        try {
            write(request, Optional.of(changed(() -> routing().savePolicy(version, text, by(request), remark))));
        } catch (StaleSettingException stale) {
            throw EntityTag.stale(
                    stale.expected(), stale.present(), json(routing().policy()), Set.of(TEXT));
        }
    }

    private static void requireLength(BodyFields fields, String text) {
        if (text.isEmpty() || text.length() > StoredPolicy.MAX_TEXT) {
            throw fields.invalid(
                    TEXT, TEXT + " has " + text.length() + " characters, expected 1.." + StoredPolicy.MAX_TEXT);
        }
    }

    private void requireValid(String text) {
        List<FileProblem> problems = router().check(text);
        if (!problems.isEmpty()) {
            throw RoutingErrors.invalid(TEXT, problems);
        }
    }

    /** The text is valid by then; what is in the way is the state of the node. */
    private StoredPolicy changed(Supplier<StoredPolicy> change) {
        router();
        try {
            return change.get();
        } catch (IllegalArgumentException | IllegalStateException refused) {
            throw RoutingErrors.wrongState(String.valueOf(refused.getMessage()));
        }
    }

    private static String by(Context request) {
        return AccessFilter.principal(request).actor();
    }

    private void check(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TEXT));
        String text = fields.requiredText(TEXT);
        requireLength(fields, text);
        List<FileProblem> problems = router().check(text);
        ObjectNode answer = JsonResponseWriter.object().put("valid", problems.isEmpty());
        ArrayNode list = answer.putArray("problems");
        problems.forEach(problem -> list.addObject()
                .put("line", problem.line())
                .put("column", problem.column())
                .put("field", problem.field())
                .put("detail", problem.message()));
        JsonResponseWriter.write(request, answer);
    }

    private void reload(Context request) {
        write(request, Optional.of(changed(() -> routing().reloadPolicy(by(request)))));
    }

    private void versions(Context request) {
        long current = current();
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode versions = answer.putArray("versions");
        routing().policyVersions().forEach(kept -> versions.add(json(kept, current)));
        JsonResponseWriter.write(request, answer);
    }

    private long current() {
        return routing().policy().map(StoredPolicy::version).orElse(0L);
    }

    private static ObjectNode json(StoredPolicy kept, long current) {
        return JsonResponseWriter.object()
                .put("version", kept.version())
                .put("at", kept.at().toString())
                .put("by", kept.by())
                .put(REMARK, kept.remark())
                .put("current", kept.version() == current);
    }

    private void version(Context request) {
        String number = request.pathParam(NUMBER);
        StoredPolicy kept = number(number).flatMap(routing()::policyVersion).orElseThrow(() -> missing(number));
        JsonResponseWriter.write(
                request, json(kept, current()).put(TEXT, kept.text().orElse(null)));
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static ApiException missing(String number) {
        return ApiException.notFound("version " + BodyFields.shorten(number)
                + " of the policy is not kept, expected one of the last " + Routing.KEPT_VERSIONS);
    }

    private void restore(Context request) {
        String number = request.pathParam(NUMBER);
        long wanted = number(number)
                .filter(version -> routing().policyVersion(version).isPresent())
                .orElseThrow(() -> missing(number));
        StoredPolicy restored =
                changed(() -> routing().restorePolicy(wanted, by(request)).orElseThrow(() -> missing(number)));
        write(request, Optional.of(restored));
    }
}
