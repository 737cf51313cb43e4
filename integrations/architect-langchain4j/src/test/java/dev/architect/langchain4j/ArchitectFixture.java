package dev.architect.langchain4j;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import java.nio.file.Path;
import java.util.List;

/** Architect with the real router and store over two scripted providers: a cheap one that is asked first, and a dear one. */
final class ArchitectFixture implements AutoCloseable {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    final ScriptedProvider openai = ScriptedProvider.named("openai");
    final ScriptedProvider claude = ScriptedProvider.named("claude");
    final Architect architect;

    ArchitectFixture(Path directory) {
        this.architect = open(directory, POLICY, openai, claude);
    }

    static Architect open(Path directory, String policy, ModelProvider... providers) {
        var builder = Architect.builder()
                .store(SqliteStore.at(directory.resolve("architect.db")))
                .router(CostAwareRouter.with(RoutingPolicy.parse(policy)))
                .withoutTaskExecution();
        List.of(providers).forEach(builder::provider);
        return builder.build();
    }

    /** Lets the cheap provider answer everything so. */
    ArchitectFixture answering(ProviderAnswer answer) {
        openai.always(ScriptedStep.answer(answer));
        return this;
    }

    /** The request that the cheap provider got last. */
    ChatRequest asked() {
        List<ProviderCall> calls = openai.calls();
        return calls.get(calls.size() - 1).request();
    }

    @Override
    public void close() {
        architect.close();
    }
}
