package dev.architect.provider.openai;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What OpenAI's models can do: general knowledge and reports of users where OpenAI's interface description (2.3.0, 2026-08-21)
 * does not state, not checked against the service. Reasoning models refuse sampling parameters and stop sequences; any id that is
 * not known, those of compatible services included, counts as one that takes them.
 */
final class OpenAiModelCapabilities {

    private OpenAiModelCapabilities() {}

    static Set<Capability> capabilities(String model, OpenAiApi api) {
        return capabilities(model, api, OpenAiPrefill.NONE);
    }

    static Set<Capability> capabilities(String model, OpenAiApi api, OpenAiPrefill prefill) {
        OpenAiModelFamily family = OpenAiModelFamily.of(model);
        if (family.kind() == OpenAiModelFamily.Kind.EMBEDDING) {
            return Set.of(Capability.EMBEDDINGS);
        }
        EnumSet<Capability> can = EnumSet.of(
                Capability.STREAMING,
                Capability.SYSTEM_TEXT,
                Capability.MULTI_TURN,
                Capability.MAX_OUTPUT_TOKENS,
                Capability.TOOLS,
                Capability.TOOL_CHOICE);
        add(can, family.hasReasoning(), Capability.REASONING_EFFORT);
        add(can, !family.hasReasoning(), Capability.TEMPERATURE);
        add(can, !family.hasReasoning() && api == OpenAiApi.CHAT_COMPLETIONS, Capability.STOP_SEQUENCES);
        add(can, family.kind() != OpenAiModelFamily.Kind.O_SERIES, Capability.SINGLE_TOOL_CALL);
        add(can, family.isGpt(506), Capability.CACHE_BREAKPOINTS);
        add(can, family.kind() != OpenAiModelFamily.Kind.OTHER, Capability.TOKEN_COUNT);
        boolean isBeforeGpt4o = family.kind() == OpenAiModelFamily.Kind.GPT
                && family.version() <= 400
                && !family.variant().startsWith("o");
        add(can, !isBeforeGpt4o, Capability.JSON_SCHEMA);
        boolean sees = isBeforeGpt4o
                ? family.variant().startsWith("-turbo") && family.version() == 400
                : !(family.kind() == OpenAiModelFamily.Kind.O_SERIES
                        && family.version() < 400
                        && family.variant().startsWith("-mini"));
        add(can, sees, Capability.IMAGES);
        add(can, sees, Capability.MEDIA_LINKS);
        add(can, sees && !isBeforeGpt4o && family.kind() != OpenAiModelFamily.Kind.OTHER, Capability.DOCUMENT_INPUT);
        can.add(Capability.OPENAI_CHAT_BODY);
        add(can, api == OpenAiApi.RESPONSES, Capability.OPENAI_RESPONSES_BODY);
        add(
                can,
                prefill != OpenAiPrefill.NONE && api == OpenAiApi.CHAT_COMPLETIONS && !family.hasReasoning(),
                Capability.PREFILL);
        return Collections.unmodifiableSet(can);
    }

    private static void add(EnumSet<Capability> can, boolean isTrue, Capability capability) {
        if (isTrue) {
            can.add(capability);
        }
    }
}
