package dev.architect.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The paths and types of a JSON tree, and the recorded answers that simulated ones are compared with. */
final class JsonShape {

    private JsonShape() {}

    /** Every field as {@code path:type}; items of a list share one path, null has no type of its own. */
    static Set<String> of(Iterable<JsonNode> trees) {
        Set<String> paths = new TreeSet<>();
        trees.forEach(tree -> collect("", tree, paths));
        return paths;
    }

    /** The body of the first exchange of a recording. */
    static String recorded(String name) {
        JsonNode recording = SimulatorClient.json(text(name + ".json"));
        return recording.path("exchanges").path(0).path("response").path("body").asText();
    }

    static Set<String> ofRecording(String name) {
        return of(SimulatorClient.events(oneLine(recorded(name))));
    }

    static String text(String name) {
        try (InputStream in = JsonShape.class.getResourceAsStream("recordings/" + name)) {
            if (in == null) {
                throw new AssertionError("no recording " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A pretty-printed body on one line; a stream stays as it is. */
    static String oneLine(String body) {
        return body.startsWith("{\n") || body.startsWith("{\r")
                ? SimulatorClient.json(body).toString()
                : body;
    }

    static Set<String> without(Set<String> shape, List<String> prefixes) {
        Set<String> rest = new TreeSet<>(shape);
        rest.removeIf(path -> prefixes.stream().anyMatch(path::startsWith));
        return rest;
    }

    private static void collect(String path, JsonNode node, Set<String> paths) {
        if (node.isObject()) {
            // Events of different types have different fields.
            String kind = node.path("type").isTextual()
                    ? path + "<" + node.path("type").asText() + ">"
                    : path;
            node.properties().forEach(field -> collect(kind + "." + field.getKey(), field.getValue(), paths));
        } else if (node.isArray()) {
            node.forEach(item -> collect(path + "[]", item, paths));
        } else {
            paths.add(
                    node.isNull()
                            ? path
                            : path + ":"
                                    + (node.isNumber()
                                            ? "number"
                                            : node.getNodeType().name().toLowerCase(java.util.Locale.ROOT)));
        }
    }
}
