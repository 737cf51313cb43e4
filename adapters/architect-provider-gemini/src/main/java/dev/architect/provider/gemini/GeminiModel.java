package dev.architect.provider.gemini;

import dev.architect.model.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the id of a model implies. Models from 2.5 on think, from 3 on they require the signatures of their calls back, according to Google's
 * guides to thinking and to thought signatures (ai.google.dev, archived in 2026). That links are fetched from 2.5 on, that tools
 * go together with a schema from 3 on, and what Gemma and the models for pictures lack, is general knowledge and reports of
 * users, not checked against the service. A model whose id has no version counts as a later one.
 *
 * @param kind what it is made for
 * @param version the version times ten
 * @param isPro whether it is the large one of its version
 */
record GeminiModel(Kind kind, int version, boolean isPro) {

    /** What models are made for. */
    enum Kind {
        /** Conversation. */
        CHAT,
        /** Generates images, and text around them. */
        PICTURES,
        /** Conversation, by an open model without system text and tools. */
        GEMMA,
        /** Vectors. */
        EMBEDDING
    }

    private static final int LATER = Integer.MAX_VALUE;
    private static final int FIRST_WITH_THOUGHTS = 25;
    private static final int FIRST_WITH_SIGNATURES = 30;

    private static final Pattern ID = Pattern.compile("(gemini|gemma)-(\\d)(?:\\.(\\d))?(?:-.*)?");

    private static final Set<Capability> OF_ALL = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.TEMPERATURE,
            Capability.STOP_SEQUENCES,
            Capability.IMAGES,
            Capability.TOKEN_COUNT));

    static GeminiModel of(String id) {
        Matcher version = ID.matcher(id);
        int number = LATER;
        if (version.matches()) {
            int minor = version.group(3) == null ? 0 : Integer.parseInt(version.group(3));
            number = Integer.parseInt(version.group(2)) * 10 + minor;
        }
        return new GeminiModel(kind(id, number), number, id.contains("-pro"));
    }

    private static Kind kind(String id, int version) {
        if (id.contains("embedding")) {
            return Kind.EMBEDDING;
        }
        if (id.startsWith("gemma-") && version < 40) {
            return Kind.GEMMA;
        }
        return id.contains("-image") ? Kind.PICTURES : Kind.CHAT;
    }

    Set<Capability> capabilities() {
        if (kind == Kind.EMBEDDING) {
            return Set.of(Capability.EMBEDDINGS);
        }
        EnumSet<Capability> capabilities = EnumSet.copyOf(OF_ALL);
        if (kind == Kind.GEMMA) {
            return Collections.unmodifiableSet(capabilities);
        }
        capabilities.addAll(EnumSet.of(Capability.SYSTEM_TEXT, Capability.DOCUMENT_INPUT));
        if (version >= FIRST_WITH_THOUGHTS) {
            capabilities.add(Capability.MEDIA_LINKS);
        }
        if (kind == Kind.CHAT) {
            capabilities.addAll(EnumSet.of(
                    Capability.TOOLS, Capability.TOOL_CHOICE, Capability.JSON_SCHEMA, Capability.WEB_SEARCH));
            if (version >= FIRST_WITH_THOUGHTS) {
                capabilities.add(Capability.REASONING_EFFORT);
            }
        }
        return Collections.unmodifiableSet(capabilities);
    }

    /** Whether effort is a level; in earlier models it is a number of tokens. */
    boolean takesLevels() {
        return version >= FIRST_WITH_SIGNATURES;
    }

    /** Whether calls must come back with a signature. */
    boolean wantsSignatures() {
        return version >= FIRST_WITH_SIGNATURES;
    }

    /** Whether tools and an output schema go together. */
    boolean takesToolsWithSchema() {
        return version >= FIRST_WITH_SIGNATURES;
    }

    /** Whether each search is billed; earlier models bill a prompt with searches once. */
    boolean billsEachSearch() {
        return version >= FIRST_WITH_SIGNATURES;
    }
}
