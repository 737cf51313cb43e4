package dev.architect.router.cost;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Price;

/**
 * The service tier that a request asks a provider for, by its option {@code provider.service_tier}. Which tier serves a call, and so prices it, the
 * provider says with the answer; until then the one that was asked for is the best estimate.
 */
public final class RequestedTier {

    private static final String OPTION = ".service_tier";

    private RequestedTier() {}

    /** Returns the tier, {@link Price#STANDARD} when the request asks for none, or for whichever there is. */
    public static String of(ChatRequest request, String provider) {
        if (request.options().isEmpty()) {
            return Price.STANDARD;
        }
        String asked = request.options().get(provider + OPTION);
        return asked == null ? Price.STANDARD : Price.tierOf(asked);
    }

    /** Whether the request asks any provider for a tier. */
    public static boolean isNamedBy(ChatRequest request) {
        if (request.options().isEmpty()) {
            return false;
        }
        for (String option : request.options().keySet()) {
            if (option.endsWith(OPTION)) {
                return true;
            }
        }
        return false;
    }
}
