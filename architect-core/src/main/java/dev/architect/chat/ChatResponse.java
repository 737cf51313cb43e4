package dev.architect.chat;

import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.ModelId;
import dev.architect.route.Route;
import dev.architect.usage.TokenUsage;

/**
 * An answer, who gave it, and what it cost.
 *
 * @param text the whole text
 * @param stopReason why it ended
 * @param model the model that answered, as the provider named it
 * @param usage what the answering call used
 * @param cost the cost of the answering call
 * @param baseline what the same usage would have cost on the baseline model
 * @param spent the cost of all calls of this request, failed ones included; unpriced calls add nothing
 * @param route the candidates and why they were in that order
 * @param position place of the answering candidate on the route, 0 is the first choice
 */
public record ChatResponse(
        String text,
        StopReason stopReason,
        ModelId model,
        TokenUsage usage,
        Cost cost,
        Cost baseline,
        MoneyTotal spent,
        Route route,
        int position) {

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ChatResponse[" + model + ", " + text.length() + " characters, " + stopReason + ", cost " + cost
                + ", position " + position + "]";
    }
}
