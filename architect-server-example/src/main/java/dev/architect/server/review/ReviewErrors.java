package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.json.InvalidFieldException;
import dev.architect.planner.approval.InvalidRuleException;
import dev.architect.planner.review.RuleConflictException;
import dev.architect.review.ReviewNotFoundException;
import dev.architect.review.ReviewRefusedException;
import dev.architect.server.rest.ApiException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the queue and the rules refuse, as errors of a request. */
final class ReviewErrors {

    private ReviewErrors() {}

    /**
     * Calls and translates.
     *
     * @param field the field of the body that texts are about whose own is not named, with its dot
     * @param current returns a review as it is now, for whoever was slower
     */
    static <T> T translated(String field, Function<Long, ObjectNode> current, Supplier<T> call) {
        try {
            return call.get();
        } catch (ReviewNotFoundException missing) {
            throw ApiException.notFound(String.valueOf(missing.getMessage()));
        } catch (ReviewRefusedException refused) {
            ApiException error = refused(refused);
            throw error.status() == 403 ? error : error.with("current", current.apply(refused.review()));
        } catch (RuleConflictException conflict) {
            throw conflict(conflict);
        } catch (InvalidFieldException wrong) {
            throw ApiException.invalidValue(field + wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (InvalidRuleException wrong) {
            throw ApiException.invalidValue(field + wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw ApiException.invalidValue(field + message.split("[ \\[]", 2)[0], message);
        }
    }

    static ApiException refused(ReviewRefusedException refused) {
        String message = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case STALE -> new ApiException(412, "stale-version", message, "sha256", null);
            case OWN_WORK -> new ApiException(403, "own-work", message, null, null);
            case DELEGATED -> new ApiException(409, "delegated", message, null, null);
            case ALREADY_DECIDED, NOT_APPROVED, EXPIRED, DENIED, CHANGES_WANTED ->
                new ApiException(409, "already-decided", message, null, null);
            case TOO_LATE -> new ApiException(409, "too-late", message, null, null);
            case NOT_POSSIBLE -> new ApiException(422, "not-possible", message, null, null);
            case DENIED_BY_RULE -> new ApiException(422, "denied-by-rule", message, null, null);
        };
    }

    private static ApiException conflict(RuleConflictException conflict) {
        String message = String.valueOf(conflict.getMessage());
        return switch (conflict.reason()) {
            case NOT_FOUND -> ApiException.notFound(message);
            case TAKEN -> new ApiException(409, "name-taken", message, null, null);
            case STALE -> new ApiException(412, "stale-version", message, null, null);
            case NOT_TRIED -> new ApiException(409, "not-tried", message, null, null);
        };
    }
}
