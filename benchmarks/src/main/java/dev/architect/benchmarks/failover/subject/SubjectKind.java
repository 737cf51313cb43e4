package dev.architect.benchmarks.failover.subject;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A client that can be tested.
 *
 * @param name its name in options and figures
 * @param hasFallback whether it declares a second model for the case that the first fails
 * @param dialects the dialects it speaks, by name
 * @param factory makes an instance for one run
 */
public record SubjectKind(
        String name, boolean hasFallback, Set<String> dialects, Function<SubjectSetup, Subject> factory) {

    private static final Set<String> EVERY = Set.of("openai", "claude", "gemini", "ollama", "openai-responses");

    /** Every client, in the order of the scoreboard. */
    public static final List<SubjectKind> ALL = List.of(
            new SubjectKind(
                    "architect-one-provider",
                    true,
                    EVERY,
                    setup -> new ArchitectSubject(setup, Arrangement.ONE_PROVIDER)),
            new SubjectKind(
                    "architect-two-providers",
                    true,
                    EVERY,
                    setup -> new ArchitectSubject(setup, Arrangement.TWO_PROVIDERS)),
            new SubjectKind(
                    "architect-one-model", false, EVERY, setup -> new ArchitectSubject(setup, Arrangement.ONE_MODEL)),
            new SubjectKind("langchain4j", false, EVERY, LangChain4jSubject::new),
            new SubjectKind("spring-ai", false, Set.of("openai"), SpringAiSubject::new),
            new SubjectKind("openai-java", false, Set.of("openai", "openai-responses"), OpenAiJavaSubject::new));

    /** Returns the client of a name; empty when there is none. */
    public static Optional<SubjectKind> named(String name) {
        return ALL.stream().filter(kind -> kind.name.equals(name)).findFirst();
    }

    /** Which models the policy of Architect names. */
    enum Arrangement {
        /** Both models at one provider. */
        ONE_PROVIDER,
        /** Each model at a provider of its own. */
        TWO_PROVIDERS,
        /** The primary alone. */
        ONE_MODEL
    }
}
