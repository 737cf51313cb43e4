package dev.architect.server.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.audit.AuditCheckpoint;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditVerdict;
import dev.architect.audit.AuditVerifier;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The resource {@code /api/audit}: what was done by whom, and whether the chain is intact. */
public final class AuditApi {

    private static final String PATH = "/api/audit";
    private static final String AREA = "audit";
    private static final int USUAL = 50;
    private static final int MOST = 500;
    private static final Permission READ = Permission.read(AREA);

    private final AuditStore store;
    private final Supplier<List<AuditCheckpoint>> checkpoints;

    /** Creates the resource; {@code checkpoints} are those that were kept outside of the store. */
    public AuditApi(AuditStore store, Supplier<List<AuditCheckpoint>> checkpoints) {
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema entry = Schema.object()
                .required("number", Schema.integer())
                .required("at", Schema.instant())
                .required(List.of("actor", "operation", "thing", "requestId", "address"), Schema.text())
                .required(
                        "outcome",
                        Schema.words(Arrays.stream(AuditOutcome.values())
                                .map(AuditOutcome::word)
                                .toArray(String[]::new)))
                .required("status", Schema.integer())
                .required("hash", Schema.text())
                .open()
                .named("AuditEntry");
        Schema checkpoint = Schema.object()
                .required("number", Schema.integer())
                .required("hash", Schema.text())
                .required("at", Schema.instant())
                .open();
        return List.of(
                Operation.get("listAudit", PATH, READ, this::list)
                        .summary("Lists what was done by whom, the newest first.")
                        .query("limit", Schema.integer(1, MOST), "The most entries, " + USUAL + " by default.")
                        .query("before", Schema.integer(), "Only entries with smaller numbers.")
                        .query("actor", Schema.text(), "Only what this actor did.")
                        .query("operation", Schema.text(), "Only this operation.")
                        .answer(
                                200,
                                "The entries.",
                                Schema.object()
                                        .required("entries", Schema.list(entry))
                                        .optional("next", Schema.integer().described("The value of before for more."))
                                        .open()),
                Operation.post("verifyAudit", PATH + "/verify", READ, this::verify)
                        .summary("Checks the whole chain, against the checkpoints outside of the store as well.")
                        .answer(
                                200,
                                "What was found.",
                                Schema.object()
                                        .required("intact", Schema.truth())
                                        .required(List.of("entries", "checkpoints"), Schema.integer())
                                        .optional("fault", Schema.words("changed", "missing", "cut", "rewritten"))
                                        .optional("number", Schema.integer().described("Where the first fault is."))
                                        .open()),
                Operation.get("listAuditCheckpoints", PATH + "/checkpoints", READ, this::checkpoints)
                        .summary("Lists the checkpoints that are kept outside of the store.")
                        .answer(
                                200,
                                "The checkpoints.",
                                Schema.object()
                                        .required("checkpoints", Schema.list(checkpoint))
                                        .open()));
    }

    private void list(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of("limit", "before", "actor", "operation"));
        AuditQuery query = new AuditQuery(
                before(parameters),
                parameters.integer("limit", 1, MOST, USUAL),
                parameters.text("actor"),
                parameters.text("operation"));
        List<AuditEntry> found = store.find(query);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode entries = answer.putArray("entries");
        found.forEach(entry -> entries.add(json(entry)));
        if (found.size() == query.limit() && found.get(found.size() - 1).number() > 1) {
            answer.put("next", found.get(found.size() - 1).number());
        }
        JsonResponseWriter.write(request, answer);
    }

    private static long before(QueryParameters parameters) {
        String text = parameters.text("before").orElse("");
        if (text.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw QueryParameters.invalid("before", text, "the number of an entry");
        }
        return Long.parseLong(text);
    }

    private static ObjectNode json(AuditEntry entry) {
        return JsonResponseWriter.object()
                .put("number", entry.number())
                .put("at", entry.record().at().toString())
                .put("actor", entry.record().actor())
                .put("operation", entry.record().operation())
                .put("thing", entry.record().thing())
                .put("outcome", entry.record().outcome().word())
                .put("status", entry.record().status())
                .put("requestId", entry.record().requestId())
                .put("address", entry.record().address())
                .put("hash", entry.hash());
    }

    private void verify(Context request) {
        AuditVerdict verdict = AuditVerifier.verify(store, checkpoints.get());
        ObjectNode answer = JsonResponseWriter.object()
                .put("intact", verdict.isIntact())
                .put("entries", verdict.entries())
                .put("checkpoints", verdict.checkpoints());
        verdict.fault()
                .ifPresent(
                        fault -> answer.put("fault", EnumWords.of(fault.kind())).put("number", fault.number()));
        JsonResponseWriter.write(request, answer);
    }

    private void checkpoints(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("checkpoints");
        checkpoints
                .get()
                .forEach(each -> all.addObject()
                        .put("number", each.number())
                        .put("hash", each.hash())
                        .put("at", each.at().toString()));
        JsonResponseWriter.write(request, answer);
    }
}
