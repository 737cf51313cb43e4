package dev.architect.provider.perplexity;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the models behind the Agent API can do. None takes stop sequences, documents or cache breakpoints, and none can be told to
 * call a tool or not to: so other libraries have it, not checked against the service. Perplexity's own take a temperature; that
 * those of other vendors do not is our judgement, for the newer of them refuse it. Models that make vectors do nothing else.
 */
final class PerplexityModelCapabilities {

    private static final String OWN = "perplexity/";
    private static final String NEEDING_LIMIT = "anthropic/";
    private static final String EMBEDDING = "pplx-embed-v1-";

    private static final Set<Capability> OF_OTHERS = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.WEB_SEARCH,
            Capability.IMAGES,
            Capability.MEDIA_LINKS,
            Capability.TOOLS,
            Capability.JSON_SCHEMA,
            Capability.REASONING_EFFORT));

    private static final Set<Capability> OF_OWN;

    static {
        EnumSet<Capability> all = EnumSet.of(Capability.TEMPERATURE);
        all.addAll(OF_OTHERS);
        OF_OWN = Collections.unmodifiableSet(all);
    }

    private PerplexityModelCapabilities() {}

    static Set<Capability> capabilities(String model) {
        if (isEmbedding(model)) {
            return Set.of(Capability.EMBEDDINGS);
        }
        return model.startsWith(OWN) ? OF_OWN : OF_OTHERS;
    }

    /** Whether a model makes vectors. */
    static boolean isEmbedding(String model) {
        return model.startsWith(EMBEDDING);
    }

    /** The most values that a vector of the model may have (perplexity-py 0.38, embedding_create_params). */
    static int mostDimensions(String model) {
        return model.equals(EMBEDDING + "0.6b") ? 1024 : 2560;
    }

    /** Whether a call of the model must set a limit of output tokens. */
    static boolean needsLimit(String model) {
        return model.startsWith(NEEDING_LIMIT);
    }
}
