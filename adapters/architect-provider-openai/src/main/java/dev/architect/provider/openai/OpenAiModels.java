package dev.architect.provider.openai;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What OpenAI's models can do. The o-series and GPT-5 and later are reasoning models, which refuse sampling parameters and
 * stop sequences; any other id, those of compatible services included, counts as one that takes them.
 */
final class OpenAiModels {

    private static final Pattern REASONING = Pattern.compile("(?:ft:)?(?:o\\d|gpt-[5-9]|gpt-\\d\\d).*");

    private static final Set<Capability> OF_REASONING = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING, Capability.SYSTEM_TEXT, Capability.MULTI_TURN, Capability.MAX_OUTPUT_TOKENS));

    private static final Set<Capability> OF_OTHERS;

    static {
        EnumSet<Capability> all = EnumSet.of(Capability.TEMPERATURE, Capability.STOP_SEQUENCES);
        all.addAll(OF_REASONING);
        OF_OTHERS = Collections.unmodifiableSet(all);
    }

    private OpenAiModels() {}

    static Set<Capability> capabilities(String model) {
        return REASONING.matcher(model).matches() ? OF_REASONING : OF_OTHERS;
    }
}
