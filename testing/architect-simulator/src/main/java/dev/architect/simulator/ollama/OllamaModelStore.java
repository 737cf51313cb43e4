package dev.architect.simulator.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The models of a simulated Ollama: the installed ones, the loaded ones (those that chat), their capabilities (derived from their names),
 * and pulling one.
 */
final class OllamaModelStore {

    private static final StrictFields FIELDS = OllamaRequestValidator.FIELDS;
    private static final long SIZE = 2_019_393_189L;

    private final ProviderScript script;

    OllamaModelStore(ProviderScript script) {
        this.script = script;
    }

    /** The name of a model in the script; null when the script does not have it. */
    @Nullable
    String find(String id) {
        String name = id.endsWith(":latest") ? id.substring(0, id.length() - ":latest".length()) : id;
        return script.models().containsKey(id) ? id : script.models().containsKey(name) ? name : null;
    }

    /** The name of a model in the script; an unknown model is answered with 404. */
    String require(String id) throws ErrorResponseException {
        String found = find(id);
        if (found == null) {
            throw OllamaRequestValidator.error(404, CallAction.UNKNOWN_MODEL, "model '" + id + "' not found");
        }
        return found;
    }

    /** The capabilities of a model, as {@code /api/show} names them. */
    static List<String> capabilities(String id, SimulatedModel model) {
        if (model.isEmbedding()) {
            return List.of("embedding");
        }
        String name = id.toLowerCase(Locale.ROOT);
        boolean acceptsImages = name.matches("(gemma[34]|llava|bakllava|moondream|llama4).*|.*(vision|-?vl\\b).*")
                && !name.startsWith("gemma3n");
        boolean thinks = name.matches("(qwen3|gpt-oss|deepseek-r1|gemma4|magistral).*") && !name.contains("coder");
        List<String> all = new ArrayList<>(List.of("completion"));
        if (acceptsImages) {
            all.add("vision");
        }
        if (!name.matches("(gemma3|llava|bakllava|moondream|phi3|llama3.2-vision).*")) {
            all.add("tools");
        }
        if (thinks) {
            all.add("thinking");
        }
        return all;
    }

    ParsedRequest listModels() {
        return list(false);
    }

    ParsedRequest listLoadedModels() {
        return list(true);
    }

    private ParsedRequest list(boolean loaded) {
        ArrayNode models = SimulatorJson.array();
        new TreeMap<>(script.models()).forEach((id, model) -> {
            String name = id.contains(":") ? id : id + ":latest";
            ObjectNode entry = SimulatorJson.object().put("name", name).put("model", name);
            if (!loaded) {
                entry.put("modified_at", "2026-01-01T00:00:00Z");
            }
            entry.put("size", SIZE)
                    .put("digest", Integer.toHexString(name.hashCode()).repeat(8));
            entry.set("details", details(model));
            if (loaded) {
                entry.put("expires_at", "2026-12-31T00:00:00Z")
                        .put("size_vram", SIZE)
                        .put("context_length", model.contextTokens());
            }
            if (!loaded || !model.isEmbedding()) {
                models.add(entry);
            }
        });
        ObjectNode list = SimulatorJson.object();
        list.set("models", models);
        return ParsedRequest.FixedAnswer.of(list);
    }

    ParsedRequest show(JsonNode body) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", Set.of("model", "verbose"));
        String id = require(FIELDS.text(body, "", "model"));
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw new IllegalStateException("model was found and is gone");
        }
        ObjectNode shown =
                SimulatorJson.object().put("modelfile", "FROM simulated").put("template", "{{ .Prompt }}");
        shown.set("details", details(model));
        shown.set(
                "model_info",
                SimulatorJson.object()
                        .put("general.architecture", "simulated")
                        .put("simulated.context_length", model.contextTokens())
                        .put("simulated.embedding_length", Math.max(model.embeddingDimensions(), 1)));
        ArrayNode capabilities = shown.putArray("capabilities");
        capabilities(id, model).forEach(capabilities::add);
        return ParsedRequest.FixedAnswer.of(shown.put("modified_at", "2026-01-01T00:00:00Z"));
    }

    /** Every model of the script can be pulled; any other has no manifest. */
    ParsedRequest pull(JsonNode body) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", Set.of("model", "insecure", "stream"));
        boolean known = find(FIELDS.text(body, "", "model")) != null;
        ObjectNode failure = SimulatorJson.object().put("error", "pull model manifest: file does not exist");
        if (!FIELDS.bool(body, "", "stream", true)) {
            if (!known) {
                throw new ErrorResponseException(500, CallAction.UNKNOWN_MODEL, failure);
            }
            return ParsedRequest.FixedAnswer.of(status("success"));
        }
        List<ObjectNode> lines = new ArrayList<>(List.of(status("pulling manifest")));
        if (known) {
            ObjectNode layer = status("pulling dde5aa3fc5ff").put("digest", "sha256:dde5aa3fc5ff");
            lines.add(layer.deepCopy().put("total", SIZE));
            lines.add(layer.deepCopy().put("total", SIZE).put("completed", SIZE));
            lines.add(status("verifying sha256 digest"));
            lines.add(status("writing manifest"));
            lines.add(status("success"));
        } else {
            lines.add(failure);
        }
        byte[][] written = lines.stream().map(OllamaAnswerWriter::line).toArray(byte[][]::new);
        return new ParsedRequest.FixedAnswer(SimulatorJson.join(written), OllamaAnswerWriter.LINES);
    }

    private static ObjectNode status(String text) {
        return SimulatorJson.object().put("status", text);
    }

    private static ObjectNode details(SimulatedModel model) {
        return SimulatorJson.object()
                .put("format", "gguf")
                .put("family", model.isEmbedding() ? "simulated-bert" : "simulated")
                .put("parameter_size", "8B")
                .put("quantization_level", "Q4_K_M");
    }
}
