package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole answers, their usage, and requests that a model does not support. */
abstract class ProviderAnswerCases extends ProviderCases {

    ProviderAnswerCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void returnsItsName() {
        assertThat(provider().name()).isEqualTo(contract.provider());
    }

    @Test
    void returnsTextAndStopReason() {
        ProviderAnswer answer = chat();

        assertThat(answer.text()).isNotBlank();
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.model()).isNotBlank();
        assertThat(answer.serviceTier()).isEqualTo("standard");
        assertThat(loggedCall().isAnswered()).isTrue();
    }

    @Test
    void reportsTheUsageOfTheProvider() {
        assertUsage(chat(), loggedCall());
    }

    @Test
    void reportsCacheReadsSeparately() {
        configure(script -> script.withCacheHitShare(1));

        ProviderAnswer answer = chat();

        assertThat(answer.usage().count(UsageBucket.CACHE_READ) > 0).isEqualTo(contract.reportsCache());
        assertUsage(answer, loggedCall());
    }

    @Test
    void reportsCacheWritesOnce() {
        configure(script -> script.withCacheHitShare(1e-9));

        assertUsage(chat(), loggedCall());
    }

    @Test
    void sendsSystemTextAndEveryTurn() {
        List<String> texts = List.of("Be brief and kind.", "My name is Ada Lovelace.", "Noted, Ada.", PROMPT);

        chatIfSupported(
                        Capability.MULTI_TURN,
                        ChatRequest.builder(texts.get(3))
                                .system(texts.get(0))
                                .earlier(Message.user(texts.get(1)))
                                .earlier(Message.assistant(texts.get(2)))
                                .build())
                .ifPresent(answer -> {
                    long tokens = texts.stream()
                            .mapToLong(text -> (text.length() + 3) / 4 + 4)
                            .sum();
                    assertThat(loggedCall().promptTokens()).isEqualTo(tokens);
                });
    }

    @Test
    void reportsTruncationAtTheTokenLimit() {
        chatIfSupported(
                        Capability.MAX_OUTPUT_TOKENS,
                        ChatRequest.builder(PROMPT).maxOutputTokens(16).build())
                .ifPresent(answer -> {
                    assertThat(answer.stopReason()).isEqualTo(StopReason.LENGTH);
                    assertThat(answer.usage().completionTokens()).isEqualTo(16);
                });
    }

    @Test
    void acceptsEveryParameterOfItsCapabilities() {
        ChatRequest.Builder request = ChatRequest.builder(PROMPT);
        if (supports(Capability.SYSTEM_TEXT)) {
            request.system("Be brief.");
        }
        if (supports(Capability.TEMPERATURE)) {
            request.temperature(0.5);
        }
        if (supports(Capability.STOP_SEQUENCES)) {
            request.stopSequences(List.of("END"));
        }
        if (supports(Capability.MAX_OUTPUT_TOKENS)) {
            request.maxOutputTokens(4000);
        }

        provider().chat(call(request.build()));

        assertThat(loggedCall().isAnswered()).isTrue();
    }

    @Test
    void rejectsUnsupportedCapabilitiesBeforeSending() {
        List<Capability> missing = Arrays.stream(Capability.values())
                .filter(capability -> !supports(capability))
                .toList();

        assertThat(missing).as("no model can do everything").isNotEmpty();
        for (Capability capability : missing) {
            ChatRequest request =
                    ChatRequest.builder(PROMPT).needs(Set.of(capability)).build();

            ProviderException whole = failure(() -> provider().chat(call(request)));
            assertThat(whole.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(whole.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(whole).hasMessageContaining(capability.name());
            assertFails(FailureKind.UNSUPPORTED, () -> provider().stream(call(request), chunk -> {}));
        }
        assertThat(simulator().log()).isEmpty();
    }
}
