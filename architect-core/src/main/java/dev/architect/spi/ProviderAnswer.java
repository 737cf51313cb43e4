package dev.architect.spi;

import dev.architect.chat.StopReason;
import dev.architect.cost.Money;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered to one call.
 *
 * @param model the model that answered, as the provider names it; the call's model when it does not say
 * @param text the whole text
 * @param stopReason why it ended
 * @param usage what the provider reported, in disjoint buckets
 * @param usageSource {@link UsageSource#ESTIMATED} when the provider's report is only an estimate
 * @param serviceTier the tier that served the call, {@code standard} when the provider does not say
 * @param statedCostOrNull the cost that the provider itself states for this call; null when it does not
 * @param requestIdOrNull the provider's id of the request; null when it does not say
 */
public record ProviderAnswer(
        String model,
        String text,
        StopReason stopReason,
        TokenUsage usage,
        UsageSource usageSource,
        String serviceTier,
        @Nullable Money statedCostOrNull,
        @Nullable String requestIdOrNull) {

    /** The cost that the provider itself states. */
    public Optional<Money> statedCost() {
        return Optional.ofNullable(statedCostOrNull);
    }

    /** The provider's id of the request. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestIdOrNull);
    }

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ProviderAnswer[" + model + ", " + text.length() + " characters, " + stopReason + ", " + usage.encode()
                + "]";
    }
}
