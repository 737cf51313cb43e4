package dev.architect.provider.perplexity;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the models behind the Agent API can do. None takes stop sequences. Perplexity's own take a temperature; those of other
 * vendors count as ones that do not, for the newer of them refuse it.
 */
final class PerplexityModels {

    private static final String OWN = "perplexity/";
    private static final String NEEDING_LIMIT = "anthropic/";

    private static final Set<Capability> OF_OTHERS = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.WEB_SEARCH));

    private static final Set<Capability> OF_OWN;

    static {
        EnumSet<Capability> all = EnumSet.of(Capability.TEMPERATURE);
        all.addAll(OF_OTHERS);
        OF_OWN = Collections.unmodifiableSet(all);
    }

    private PerplexityModels() {}

    static Set<Capability> capabilities(String model) {
        return model.startsWith(OWN) ? OF_OWN : OF_OTHERS;
    }

    /** Whether a call of the model must say how long its answer may be. */
    static boolean needsLimit(String model) {
        return model.startsWith(NEEDING_LIMIT);
    }
}
