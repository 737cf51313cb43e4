package dev.architect.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.ContractRequests.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Every kind of request that the description of an operation forbids. */
final class ContractCases {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MORE_THAN_ANY_BODY = 2 * 1024 * 1024 + 1;
    private static final int MORE_THAN_ANY_CHAT = 32 * 1024 * 1024 + 1;

    private final ServerContractTest.Described operation;
    private final List<Case> cases = new ArrayList<>();

    /**
     * A wrong request.
     *
     * @param name what is wrong with it
     * @param place which place its refusal names, as {@code tasks[3].type}; empty when it names none
     * @param change makes it of a right one
     */
    record Case(String name, String place, UnaryOperator<Sent> change) {}

    ContractCases(JsonNode document, ServerContractTest.Described operation) {
        this.operation = operation;
        for (JsonNode parameter : operation.json().path("parameters")) {
            addParameter(parameter);
        }
        JsonNode body = operation.json().path("requestBody");
        if (body.isObject()) {
            addBody(body);
        }
    }

    List<Case> all() {
        return cases;
    }

    private void add(String name, String place, UnaryOperator<Sent> change) {
        cases.add(new Case(operation.id() + " with " + name, place, change));
    }

    private void addParameter(JsonNode parameter) {
        String name = parameter.get("name").textValue();
        JsonNode form = parameter.get("schema");
        switch (parameter.get("in").textValue()) {
            case "query" -> {
                for (JsonNode wrong : wrongValues(form)) {
                    // Every parameter of the query is text.
                    if (wrong.isTextual() || wrong.isNumber()) {
                        add(name + "=" + shown(wrong), name, sent -> query(sent, name + "=" + wrong.asText()));
                    }
                }
                add("an unknown parameter", "unknown", sent -> query(sent, "unknown=1"));
                add(name + " twice", name, sent -> query(sent, name + "=1&" + name + "=1"));
            }
            case "path" -> {
                if (operation.json().get("responses").has("404")) {
                    add("what is not there", "", sent -> sent.withPath(elsewhere()));
                }
            }
            default -> {
                if (parameter.get("required").booleanValue()) {
                    add("no " + name, name, sent -> sent.withoutHeader(name));
                    add("an old " + name, name, sent -> sent.withHeader(name, "\"999999999\""));
                    add("a weak " + name, name, sent -> sent.withHeader(name, "W/\"1\""));
                    add("any " + name, name, sent -> sent.withHeader(name, "*"));
                }
                if (form.has("maxLength")) {
                    String tooLong = "a".repeat(form.get("maxLength").intValue() + 1);
                    add("a long " + name, name, sent -> sent.withHeader(name, tooLong));
                }
            }
        }
    }

    private String elsewhere() {
        return operation.path().replace("{id}", "0000000000000").replaceAll("\\{[a-z]+}", "elsewhere");
    }

    private static Sent query(Sent sent, String more) {
        return sent.withPath(sent.path() + (sent.path().contains("?") ? "&" : "?") + more);
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 20 ? text.substring(0, 20) + "…" : text;
    }

    private void addBody(JsonNode body) {
        if (body.get("required").booleanValue()) {
            add("no body", "", sent -> sent.withBody(null));
        }
        add("broken JSON", "", sent -> sent.withBody("{\"a\":"));
        add("a list", "", sent -> sent.withBody("[]"));
        add("a text", "", sent -> sent.withBody("\"text\""));
        int most = operation.path().startsWith("/v1/") ? MORE_THAN_ANY_CHAT : MORE_THAN_ANY_BODY;
        add("too large a body", "", sent -> sent.withBody("{\"a\":\"" + "a".repeat(most) + "\"}"));
        add("another type of body", "Content-Type", sent -> sent.withHeader("Content-Type", "text/plain"));
        add("a compressed body", "Content-Encoding", sent -> sent.withHeader("Content-Encoding", "gzip"));
        JsonNode form = body.at("/content/application~1json/schema");
        addObject(ServerContractTest.alternatives(form).get(0), new ArrayList<>());
    }

    private void addObject(JsonNode form, List<String> path) {
        String before = path.isEmpty() ? "" : String.join(".", path) + ".";
        if (form.path("additionalProperties").isBoolean()) {
            JsonNode one = JSON.getNodeFactory().numberNode(1);
            add(
                    "an unknown field in '" + before + "'",
                    before + "unknown",
                    sent -> changed(sent, path, "unknown", one));
        }
        form.get("properties").properties().forEach(field -> {
            String name = field.getKey();
            for (JsonNode wrong : wrongValues(field.getValue())) {
                add(before + name + " of " + shown(wrong), before + name, sent -> changed(sent, path, name, wrong));
            }
            for (JsonNode inner : ServerContractTest.alternatives(field.getValue())) {
                if (inner.has("properties")
                        && inner.path("additionalProperties").isBoolean()) {
                    List<String> deeper = new ArrayList<>(path);
                    deeper.add(name);
                    addObject(inner, deeper);
                }
            }
        });
        for (JsonNode required : form.path("required")) {
            String name = required.textValue();
            add("no " + before + name, before + name, sent -> changed(sent, path, name, null));
        }
    }

    private static Sent changed(Sent sent, List<String> path, String name, JsonNode value) {
        try {
            ObjectNode whole = (ObjectNode) JSON.readTree(sent.body());
            ObjectNode at = whole;
            for (String step : path) {
                at = (ObjectNode) at.get(step);
            }
            if (name.equals("messages")) {
                // One of them is sent.
                at.remove("prompt");
            }
            if (value == null) {
                at.remove(name);
            } else {
                at.set(name, value);
            }
            return sent.withBody(JSON.writeValueAsString(whole));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Values outside of a form, of each kind. */
    private static List<JsonNode> wrongValues(JsonNode form) {
        List<JsonNode> alternatives = ServerContractTest.alternatives(form);
        List<JsonNode> wrong = new ArrayList<>();
        if (alternatives.size() > 1) {
            boolean hasList = alternatives.stream().anyMatch(each -> isOf(each, "array"));
            if (!hasList) {
                wrong.add(JSON.createArrayNode());
            }
            return wrong;
        }
        JsonNode only = alternatives.get(0);
        if (isOf(only, "string")) {
            wrong.add(JSON.createArrayNode());
            wrong.add(JSON.getNodeFactory().booleanNode(true));
            if (only.has("enum")) {
                wrong.add(text("no-such-word"));
            }
            if (only.path("format").asText().equals("date-time")) {
                wrong.add(text("yesterday"));
            }
            if (only.has("maxLength")) {
                wrong.add(text("a".repeat(only.get("maxLength").intValue() + 1)));
            }
            if (only.path("minLength").asInt() > 0) {
                wrong.add(text(""));
            }
        } else if (isOf(only, "integer")) {
            wrong.add(text("many"));
            wrong.add(JSON.getNodeFactory().numberNode(1.5));
            if (only.has("minimum")) {
                wrong.add(JSON.getNodeFactory().numberNode(only.get("minimum").longValue() - 1));
            }
            if (only.has("maximum")) {
                wrong.add(JSON.getNodeFactory().numberNode(only.get("maximum").longValue() + 1));
            }
        } else if (isOf(only, "number")) {
            wrong.add(text("many"));
        } else if (isOf(only, "boolean")) {
            wrong.add(text("maybe"));
            wrong.add(JSON.getNodeFactory().numberNode(1));
        } else if (isOf(only, "array")) {
            wrong.add(text("one"));
            wrong.add(JSON.createObjectNode());
            List<JsonNode> items = wrongValues(only.get("items"));
            if (!items.isEmpty()) {
                ArrayNode list = JSON.createArrayNode();
                list.add(items.get(items.size() - 1));
                wrong.add(list);
            }
        } else if (isOf(only, "object")) {
            wrong.add(text("one"));
            wrong.add(JSON.createArrayNode());
        }
        return wrong;
    }

    private static JsonNode text(String text) {
        return JSON.getNodeFactory().textNode(text);
    }

    private static boolean isOf(JsonNode form, String type) {
        JsonNode stated = form.path("type");
        return stated.isArray()
                ? stated.get(0).asText().equals(type)
                : stated.asText().equals(type);
    }
}
