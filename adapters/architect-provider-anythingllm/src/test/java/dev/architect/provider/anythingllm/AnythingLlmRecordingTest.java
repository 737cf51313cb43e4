package dev.architect.provider.anythingllm;

import static dev.architect.provider.anythingllm.AnythingLlmReplay.ask;
import static dev.architect.provider.anythingllm.AnythingLlmReplay.failure;
import static dev.architect.provider.anythingllm.AnythingLlmReplay.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.Citation;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the real server's own request handlers answered, byte for byte. */
class AnythingLlmRecordingTest {

    @Test
    void readsAnswersWholeAndStreamed() throws Exception {
        for (RecordedReply reply : List.of(reply("chat-ok"), reply("stream-ok"))) {
            ProviderAnswer answer = ask(reply, 13);

            assertThat(answer.text()).isEqualTo("AnythingLLM is an all-in-one AI application.");
            assertThat(answer.model()).isEqualTo("OllamaAILLM/qwen3:8b");
            assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(answer.usage()).isEqualTo(TokenUsage.of(57, 9));
            assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
            assertThat(answer.statedCost()).isEmpty();
            assertThat(answer.citations())
                    .containsExactly(new Citation(
                            "",
                            "anythingllm.txt",
                            Optional.empty(),
                            Optional.of("AnythingLLM is the all-in-one AI app.")));
        }
    }

    @Test
    void aWorkspaceWithoutDocumentsAnswersWithoutAModel() throws Exception {
        ProviderAnswer answer = ask(reply("chat-query-mode-no-embeddings"), 13);

        assertThat(answer.text()).startsWith("There is no relevant information");
        assertThat(answer.model()).isEqualTo("sample-workspace");
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
        assertThat(answer.usage().isUnknown()).isTrue();
    }

    @Test
    void anAbortWithAStatusOfSuccessIsAFailure() throws Exception {
        for (RecordedReply reply : List.of(reply("chat-vector-failure"), reply("stream-llm-down"))) {
            ProviderException failure = failure(() -> ask(reply, 13));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
            assertThat(failure).message().doesNotContain("connect", "database");
        }
    }

    @Test
    void reportsAWorkspaceThatIsMissing() throws Exception {
        RecordedReply reply = reply("chat-unknown-workspace-400");

        assertThat(failure(() -> ask(reply, 13)).kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
    }

    @Test
    void recognizesABadKeyThoughItsStatusIs403() throws Exception {
        RecordedReply reply = reply("auth-missing-key");

        assertThat(failure(() -> ask(reply, 13)).kind()).isEqualTo(FailureKind.AUTHENTICATION);
    }

    @Test
    void probesTheServerAndThenTheKey() throws Exception {
        assertThat(probe("auth-ok")).isEqualTo(ProviderHealth.up());

        ProviderHealth refused = probe("auth-missing-key");
        assertThat(refused.reachable()).isTrue();
        assertThat(refused.usable()).isFalse();
    }

    private static ProviderHealth probe(String auth) throws IOException {
        RecordedReply second = reply(auth);
        List<Integer> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    asked.add(1);
                    if (asked.size() == 1) {
                        connection.reply(200, second.headers(), "{\"online\":true}");
                    } else {
                        connection.reply(second.status(), second.headers(), second.body());
                    }
                });
                AnythingLlmProvider provider = AnythingLlmReplay.open(server)) {
            ProviderHealth health = provider.probe();
            assertThat(server.requests().get(0)).startsWith("GET /ping HTTP/1.1");
            assertThat(server.requests().get(1)).startsWith("GET /v1/auth HTTP/1.1");
            return health;
        }
    }
}
