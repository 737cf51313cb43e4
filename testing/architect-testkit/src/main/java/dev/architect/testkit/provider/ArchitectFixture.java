package dev.architect.testkit.provider;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import java.util.List;

/**
 * An Architect without task execution over two scripted providers, for tests of what calls it. With a router that follows
 * {@link #POLICY} the cheap provider {@code openai} is called first, and {@code claude} when that fails.
 */
public final class ArchitectFixture implements AutoCloseable {

    /** A routing policy in YAML with one cheap and one expensive model. */
    public static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private final ScriptedProvider openai = ScriptedProvider.named("openai");
    private final ScriptedProvider claude = ScriptedProvider.named("claude");
    private final Architect architect;

    /** Builds an Architect that owns {@code store}. */
    public ArchitectFixture(Router.Factory router, Store store) {
        this.architect = Architect.builder()
                .store(store)
                .router(router)
                .withoutTaskExecution()
                .provider(openai)
                .provider(claude)
                .build();
    }

    /** Returns the Architect, which {@link #close} closes. */
    public Architect architect() {
        return architect;
    }

    /** Returns the cheap provider. */
    public ScriptedProvider openai() {
        return openai;
    }

    /** Returns the expensive provider. */
    public ScriptedProvider claude() {
        return claude;
    }

    /** Makes the cheap provider answer every call with {@code answer}. */
    public ArchitectFixture answering(ProviderAnswer answer) {
        openai.always(ScriptedStep.answer(answer));
        return this;
    }

    /** Returns the request of the latest call to the cheap provider; there must be one. */
    public ChatRequest lastRequest() {
        List<ProviderCall> calls = openai.calls();
        return calls.get(calls.size() - 1).request();
    }

    /** Closes the Architect with its store and providers. */
    @Override
    public void close() {
        architect.close();
    }
}
