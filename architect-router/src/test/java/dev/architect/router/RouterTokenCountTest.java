package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.request.PromptTokens;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.usage.UsageSource;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** The tokens of a prompt are estimated where no provider counts them. */
final class RouterTokenCountTest {

    private static final String PROMPT = "word ".repeat(80);

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void theModelThatWouldAnswerIsTheOneThatCounts() {
        PromptTokens counted = fixture.router.countTokens(ChatRequest.of(PROMPT), RequestScope.create());

        assertThat(counted.model()).isEqualTo(ModelId.parse("openai/gpt-4o-mini"));
        assertThat(counted.tokens()).isBetween(80L, 120L);
        assertThat(counted.source()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(fixture.openai.callCount()).isZero();
    }

    @Test
    void aProviderThatFailsToCountLeavesTheEstimate() {
        fixture.claude.withCapabilities("claude-sonnet-4-6", EnumSet.allOf(Capability.class));

        PromptTokens counted = fixture.router.countTokens(named("claude/claude-sonnet-4-6"), RequestScope.create());

        assertThat(counted.model().provider()).isEqualTo("claude");
        assertThat(counted.source()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(fixture.ledger).isEmpty();
    }

    @Test
    void withoutAModelThereIsNothingToCount() {
        ChatRequest request = named("claude/unknown");

        assertThatThrownBy(() -> fixture.router.countTokens(request, RequestScope.create()))
                .isInstanceOf(NoRouteException.class);
    }

    private static ChatRequest named(String model) {
        return ChatRequest.builder(PROMPT).model(ModelId.parse(model)).build();
    }
}
