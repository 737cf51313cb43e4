package dev.architect.attempt;

import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decided where an attempt ran: its node, its session, and the models of its requests. Kept with the attempt; holds no text of a prompt.
 *
 * @param nodeName the name of the node, which may be forgotten before the attempt is
 * @param node why this node
 * @param rivals how many other live nodes perform such tasks, as this one saw it
 * @param session why this session
 * @param requests how many requests its worker made
 * @param routes the last of these requests, oldest first, at most {@value #MAX_ROUTES}
 */
public record AttemptBasis(
        String nodeName, NodeReason node, int rivals, SessionReason session, int requests, List<RouteChoice> routes) {

    /** Of how many requests the routes are kept. */
    public static final int MAX_ROUTES = 4;

    /** Copies the routes and checks every field. */
    public AttemptBasis {
        Check.notBlank("nodeName", nodeName);
        Check.notNull("node", node);
        Check.notNegative("rivals", rivals);
        Check.notNull("session", session);
        Check.notNegative("requests", requests);
        routes = List.copyOf(Check.noNulls("routes", routes));
        Check.range("routes size", routes.size(), 0, MAX_ROUTES);
    }

    /** Creates the basis of an attempt that has made no request yet. */
    public AttemptBasis(String nodeName, NodeReason node, int rivals, SessionReason session) {
        this(nodeName, node, rivals, session, 0, List.of());
    }

    /** Returns a copy with the requests that were made. */
    public AttemptBasis withRoutes(int made, List<RouteChoice> last) {
        return new AttemptBasis(nodeName, node, rivals, session, made, last);
    }

    /** Returns it as a JSON object, which {@link #parse} reads. */
    public String text() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("nodeName", nodeName);
        fields.put("node", JsonFields.wordOf(node));
        fields.put("rivals", rivals);
        fields.put("session", JsonFields.wordOf(session));
        if (requests > 0) {
            fields.put("requests", requests);
            fields.put("routes", routes.stream().map(AttemptBasis::fields).toList());
        }
        return JsonText.write(fields);
    }

    private static Map<String, Object> fields(RouteChoice route) {
        Map<String, Object> fields = new LinkedHashMap<>();
        route.requestId().ifPresent(id -> fields.put("requestId", id));
        fields.put(
                "candidates",
                route.candidates().stream()
                        .map(each -> model(each.model(), "reason", JsonFields.wordOf(each.reason()), each.quality()))
                        .toList());
        fields.put(
                "skipped",
                route.skipped().stream()
                        .map(each ->
                                Map.of("model", each.model().toString(), "reason", JsonFields.wordOf(each.reason())))
                        .toList());
        fields.put("calls", route.calls().stream().map(AttemptBasis::fields).toList());
        route.reused().ifPresent(model -> fields.put("reused", model.toString()));
        return fields;
    }

    private static Map<String, Object> model(ModelId model, String name, String word, int quality) {
        return Map.of("model", model.toString(), name, word, "quality", quality);
    }

    private static Map<String, Object> fields(Called call) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", call.model().toString());
        call.failure().ifPresent(kind -> fields.put("failure", JsonFields.wordOf(kind)));
        return fields;
    }

    /**
     * Reads what {@link #text} has written; empty when a later version has written words that this one does not have.
     *
     * @throws InvalidFieldException when it is no JSON object
     */
    public static Optional<AttemptBasis> parse(String text) {
        JsonFields fields = JsonFields.parse(Check.notNull("text", text));
        try {
            List<JsonFields> routes = fields.objects("routes");
            return Optional.of(new AttemptBasis(
                    fields.requiredText("nodeName"),
                    required(fields, "node", NodeReason.class),
                    fields.integer("rivals", 0, Integer.MAX_VALUE).orElse(0),
                    required(fields, "session", SessionReason.class),
                    fields.integer("requests", 0, Integer.MAX_VALUE).orElse(routes.size()),
                    routes.stream().map(AttemptBasis::route).toList()));
        } catch (IllegalArgumentException unknown) {
            // An explanation that cannot be read must not keep its attempt from being read.
            return Optional.empty();
        }
    }

    private static RouteChoice route(JsonFields fields) {
        return new RouteChoice(
                fields.text("requestId"),
                fields.objects("candidates").stream()
                        .map(each -> new Chosen(
                                model(each),
                                required(each, "reason", SelectionReason.class),
                                each.integer("quality", 0, 100).orElse(0)))
                        .toList(),
                fields.objects("skipped").stream()
                        .map(each -> new Skipped(model(each), required(each, "reason", ExclusionReason.class)))
                        .toList(),
                fields.objects("calls").stream()
                        .map(each -> new Called(model(each), each.constant("failure", FailureKind.class)))
                        .toList(),
                fields.text("reused").map(ModelId::parse));
    }

    private static ModelId model(JsonFields fields) {
        return ModelId.parse(fields.requiredText("model"));
    }

    private static <E extends Enum<E>> E required(JsonFields fields, String name, Class<E> type) {
        return fields.constant(name, type).orElseThrow(() -> fields.missing(name, "a word"));
    }
}
