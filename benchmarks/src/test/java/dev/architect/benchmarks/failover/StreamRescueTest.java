package dev.architect.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.benchmarks.failover.server.CanonicalAnswer;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.server.FaultServer;
import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.FinishState;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiPrefill;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream that is cut after any number of tokens ends whole, each word once, whether the next model continues it or not. */
final class StreamRescueTest {

    private static final SecretSource KEY = name -> Optional.of("key");
    private static final FaultProfile AT_ONCE = new FaultProfile("at once", 1, 1_000, 1_000, 1_000, 1_000, 1, 1, 0);
    /** The longest beginning that is too short to be continued has so many. */
    private static final int TOKENS_OF_SHORT = 6;

    @ParameterizedTest
    @CsvSource({
        "openai, fb-ok, continued",
        "openai, fb-ok-noprefill, refused",
        "claude, claude-sonnet-4-5, continued",
        "claude, fb-ok-noprefill, anew",
        "gemini, fb-ok-noprefill, anew",
        "ollama, fb-ok, continued",
        "ollama, fb-ok-noprefill, refused",
        "openai-responses, fb-ok-noprefill, anew"
    })
    void everyCutEndsWhole(String dialect, String fallback, String how) {
        try (FaultServer server = new FaultServer(AT_ONCE)) {
            for (int cut = 0; cut <= CanonicalAnswer.TOKENS; cut++) {
                server.reset();
                StringBuilder shown = new StringBuilder();
                int[] restarts = new int[1];
                ChatResponse response;
                try (Architect architect = open(server.address(), dialect, cut, fallback)) {
                    response = architect.chat(ChatRequest.of("Describe a river."), new ChatListener() {
                        @Override
                        public void onText(String delta) {
                            shown.append(delta);
                        }

                        @Override
                        public void onRestart() {
                            restarts[0]++;
                        }
                    });
                }

                String where = dialect + " cut after " + cut;
                assertThat(shown.toString()).as(where).isEqualTo(CanonicalAnswer.TEXT);
                assertThat(response.text()).as(where).isEqualTo(CanonicalAnswer.TEXT);
                assertThat(restarts[0]).as(where).isZero();
                assertThat(response.finish())
                        .as(where)
                        .isEqualTo(cut == 0 ? FinishState.COMPLETE : FinishState.RESCUED);
                List<String> roles =
                        server.calls().stream().map(LoggedCall::lastRole).toList();
                assertThat(roles)
                        .as(where)
                        .isEqualTo(
                                how.equals("anew") || cut <= TOKENS_OF_SHORT
                                        ? List.of("user", "user")
                                        : how.equals("continued")
                                                ? List.of("user", "assistant")
                                                : List.of("user", "assistant", "user"));
            }
        }
    }

    private static Architect open(URI address, String dialect, int cut, String fallback) {
        ModelProvider provider = switch (dialect) {
            case "openai" ->
                OpenAiProvider.builder(KEY)
                        .prefill(OpenAiPrefill.LAST_MESSAGE)
                        .baseUrl(address.resolve("/v1"))
                        .name("own")
                        .build();
            case "openai-responses" ->
                OpenAiProvider.builder(KEY)
                        .api(OpenAiApi.RESPONSES)
                        .baseUrl(address.resolve("/v1"))
                        .name("own")
                        .build();
            case "claude" ->
                ClaudeProvider.builder(KEY).baseUrl(address).name("own").build();
            case "gemini" ->
                GeminiProvider.builder(KEY).baseUrl(address).name("own").build();
            default -> OllamaProvider.builder().baseUrl(address).name("own").build();
        };
        ModelPolicy primary = ModelPolicy.builder(String.format(Locale.ROOT, "own/fb-c%02d", cut), 90, 100_000)
                .build();
        ModelPolicy other = ModelPolicy.builder("own/" + fallback, 80, 100_000).build();
        return Architect.builder()
                .store(new InMemoryStore(TimeSource.system()))
                .router(CostAwareRouter.with(RoutingPolicy.builder(primary.id(), List.of(primary, other))
                        .build()))
                .provider(provider)
                .withoutTaskExecution()
                .build();
    }
}
