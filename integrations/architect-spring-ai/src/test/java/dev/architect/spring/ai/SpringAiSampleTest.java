package dev.architect.spring.ai;

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
import dev.architect.testkit.provider.RecordingListener;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/** The samples of the guide. */
final class SpringAiSampleTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: mistral/large, quality: 80, contextTokens: 128000}
            """;

    @TempDir
    private Path directory;

    @Test
    void modelOfSpringAiIsRoutedTo() {
        ChatModel mistral = FakeChatModel.saying("Because of Rayleigh scattering.");

        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(directory.resolve("architect.db")))
                .provider(SpringAiProvider.builder("mistral")
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
    void routerIsAModelOfSpringAi() {
        try (ArchitectFixture fixture = ArchitectSpringAiChatModelTest.fixture(directory)) {
            fixture.openai().always(ScriptedStep.answer("Rayleigh scattering.", TokenUsage.of(20, 4)));
            Architect architect = fixture.architect();

            ChatModel model = ArchitectSpringAiChatModel.of(architect);
            var options = ArchitectSpringAiChatOptions.builder()
                    .quality(Quality.STANDARD)
                    .build();
            var answer = model.call(new Prompt("Why is the sky blue?", options));
            Cost cost = ArchitectSpringAiResponseMetadata.cost(answer).orElseThrow();

            assertThat(answer.getResult().getOutput().getText()).isEqualTo("Rayleigh scattering.");
            assertThat(cost.amount()).isPresent();
        }
    }

    @Test
    void oneArchitectCanStandBehindAnother() {
        try (ArchitectFixture inner = ArchitectSpringAiChatModelTest.fixture(directory)) {
            inner.openai()
                    .then(ScriptedStep.answer("deep", TokenUsage.of(20, 4)))
                    .then(ScriptedStep.answer("deep stream", TokenUsage.of(20, 4)))
                    .always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));
            SpringAiProvider outer = SpringAiProvider.builder("inner")
                    .model("large", ArchitectSpringAiChatModel.of(inner.architect()))
                    .build();
            RecordingListener listener = new RecordingListener();

            assertThat(outer.chat(ProviderCalls.of("Hi")).text()).isEqualTo("deep");
            assertThat(outer.stream(ProviderCalls.of("Hi"), listener).usage()).isEqualTo(TokenUsage.of(20, 4));
            assertThat(listener.lines())
                    .containsExactly("text deep ", "text stream", "usage INPUT=20,OUTPUT=4", "stop COMPLETE");
            assertThat(ProviderCalls.failure(() -> outer.chat(ProviderCalls.of("Hi")))
                            .kind())
                    .isEqualTo(FailureKind.CONTENT_REFUSED);
        }
    }
}
