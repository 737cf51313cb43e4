package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.Cost;
import dev.architect.model.FailureKind;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ProviderCalls;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the guide. */
final class LangChain4jSampleTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: mistral/large, quality: 80, contextTokens: 128000}
            """;

    @TempDir
    private Path directory;

    @Test
    void modelOfLangChain4jIsRoutedTo() {
        ChatModel mistral = FakeChatModel.saying("Because of Rayleigh scattering.");

        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(directory.resolve("architect.db")))
                .provider(LangChain4jProvider.builder("mistral")
                        .model("large", mistral)
                        .build())
                .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
                .build()) {
            ChatResponse answer = architect.chat(ChatRequest.of("Why is the sky blue?"));

            assertThat(answer.text()).isEqualTo("Because of Rayleigh scattering.");
            assertThat(answer.model().provider()).isEqualTo("mistral");
        }
    }

    @Test
    void routerIsAModelOfLangChain4j() {
        try (ArchitectFixture fixture = ArchitectLangChain4jChatModelTest.fixture(directory)) {
            fixture.openai().always(ScriptedStep.answer("Rayleigh scattering.", TokenUsage.of(20, 4)));
            Architect architect = fixture.architect();

            ChatModel model = ArchitectLangChain4jChatModel.of(architect, request -> request.quality(Quality.STANDARD));
            var answer = model.chat(UserMessage.from("Why is the sky blue?"));
            Cost cost = ((ArchitectLangChain4jResponseMetadata) answer.metadata()).cost();

            assertThat(answer.aiMessage().text()).isEqualTo("Rayleigh scattering.");
            assertThat(cost.amount()).isPresent();
        }
    }

    @Test
    void oneArchitectCanStandBehindAnother() {
        try (ArchitectFixture inner = ArchitectLangChain4jChatModelTest.fixture(directory)) {
            inner.openai()
                    .then(ScriptedStep.answer("deep", TokenUsage.of(20, 4)))
                    .always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));
            LangChain4jProvider outer = LangChain4jProvider.builder("inner")
                    .model("large", ArchitectLangChain4jChatModel.of(inner.architect()))
                    .build();

            assertThat(outer.chat(ProviderCalls.of("Hi")).text()).isEqualTo("deep");
            assertThat(ProviderCalls.failure(() -> outer.chat(ProviderCalls.of("Hi")))
                            .kind())
                    .isEqualTo(FailureKind.CONTENT_REFUSED);
        }
    }
}
