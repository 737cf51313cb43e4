package dev.architect.provider.ollama;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What models can do, as far as their names imply. The list of families is our judgement from public descriptions, not
 * checked against servers; a name that is not here has only what every model that chats has. The server itself knows better, see
 * {@link OllamaProvider#describe}.
 *
 * <p>A model on the server itself continues a last turn of the assistant (maintainers in ollama/ollama issue 6778, 2024-09 and 2025-03), which
 * some templates do not heed. Those that think begin their answer with thoughts, and hosted ones are their vendor's: neither counts as able to.
 */
final class OllamaModelCapabilities {

    private static final Set<Capability> CHAT = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.TEMPERATURE,
            Capability.STOP_SEQUENCES,
            Capability.JSON_SCHEMA,
            Capability.PREFILL));

    private static final Set<Capability> EMBEDDING = Set.of(Capability.EMBEDDINGS);

    private static final Map<String, Set<Capability>> FAMILIES = families();

    private OllamaModelCapabilities() {}

    static Set<Capability> capabilities(String model) {
        // Models of other registries and users have a path before their name.
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int colon = name.indexOf(':');
        String family = colon < 0 ? name : name.substring(0, colon);
        if (family.contains("embed")) {
            return EMBEDDING;
        }
        Set<Capability> known = known(family);
        return isRemote(name) ? without(without(known, Capability.JSON_SCHEMA), Capability.PREFILL) : known;
    }

    /** Returns what a model can do that chats and has {@code more}. */
    static Set<Capability> chat(Set<Capability> more) {
        EnumSet<Capability> all = EnumSet.copyOf(CHAT);
        all.addAll(more);
        if (more.contains(Capability.REASONING_EFFORT)) {
            all.remove(Capability.PREFILL);
        }
        return Collections.unmodifiableSet(all);
    }

    /** Whether the server passes calls of the model on to the vendor, who does not heed schemas (docs.ollama.com, archived in 2026). */
    static boolean isRemote(String name) {
        return name.endsWith(":cloud") || name.endsWith("-cloud");
    }

    static Set<Capability> without(Set<Capability> all, Capability lacking) {
        EnumSet<Capability> rest = EnumSet.copyOf(all);
        rest.remove(lacking);
        return Collections.unmodifiableSet(rest);
    }

    /** The longest name of a family that the model's name begins with decides. */
    private static Set<Capability> known(String family) {
        // Longest first: llama3.2-vision has other capabilities than llama3.2.
        for (int length = family.length(); length > 0; length--) {
            Set<Capability> known = FAMILIES.get(family.substring(0, length));
            if (known != null) {
                return known;
            }
        }
        return CHAT;
    }

    private static Map<String, Set<Capability>> families() {
        Map<String, Set<Capability>> families = new TreeMap<>();
        Set<Capability> plain = Set.of();
        Set<Capability> tools = Set.of(Capability.TOOLS);
        Set<Capability> images = Set.of(Capability.IMAGES);
        Set<Capability> thinking = Set.of(Capability.TOOLS, Capability.REASONING_EFFORT);
        Set<Capability> both = Set.of(Capability.TOOLS, Capability.IMAGES);
        Set<Capability> everything = Set.of(Capability.TOOLS, Capability.IMAGES, Capability.REASONING_EFFORT);
        add(families, tools, "llama3.1", "llama3.2", "llama3.3", "qwen2", "qwen2.5", "qwen3-coder", "mistral");
        add(families, tools, "mixtral", "devstral", "command-r", "command-a", "granite3", "granite4", "phi4-mini");
        add(families, tools, "hermes3", "cogito", "smollm2", "athene", "nemotron");
        add(families, thinking, "qwen3", "qwq", "gpt-oss", "deepseek-r1", "deepseek-v3.1", "deepseek-v4", "magistral");
        add(families, thinking, "glm-4", "glm-5", "minimax-m2", "kimi-k2");
        add(families, images, "llava", "bakllava", "moondream", "minicpm-v", "gemma3", "llama3.2-vision", "qwen2.5vl");
        add(families, both, "llama4", "mistral-small3", "ministral-3", "granite3.2-vision");
        add(families, everything, "qwen3-vl", "gemma4");
        add(families, plain, "gemma3n", "qwen2-math", "qwen2.5-math", "mistral-openorca");
        for (String name : new String[] {"all-minilm", "bge-", "paraphrase-"}) {
            families.put(name, EMBEDDING);
        }
        return families;
    }

    private static void add(Map<String, Set<Capability>> families, Set<Capability> more, String... names) {
        Set<Capability> all = chat(more);
        for (String name : names) {
            families.put(name, all);
        }
    }
}
