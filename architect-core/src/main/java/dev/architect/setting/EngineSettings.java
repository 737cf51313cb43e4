package dev.architect.setting;

import dev.architect.check.Check;
import dev.architect.maintenance.TaskRetention;
import dev.architect.review.ReviewLimits;
import java.time.Duration;

/**
 * What the engine goes by and can be changed while it runs. Immutable; its {@code with} methods return changed copies.
 *
 * @param retention how long ended tasks are kept
 * @param recordRetention how long records of decisions and feedback about answers are kept, more than zero
 * @param outageLimit how long a task waits for what it needs before it is dead, more than zero
 * @param reviews how long things take in the queue of reviews
 */
public record EngineSettings(
        TaskRetention retention, Duration recordRetention, Duration outageLimit, ReviewLimits reviews) {

    /** Checks every field. */
    public EngineSettings {
        Check.notNull("retention", retention);
        Check.positive("recordRetention", recordRetention);
        Check.positive("outageLimit", outageLimit);
        Check.notNull("reviews", reviews);
    }

    /** Returns a copy that keeps ended tasks for other times. */
    public EngineSettings withRetention(TaskRetention changed) {
        return new EngineSettings(changed, recordRetention, outageLimit, reviews);
    }

    /** Returns a copy that keeps records for another time. */
    public EngineSettings withRecordRetention(Duration changed) {
        return new EngineSettings(retention, changed, outageLimit, reviews);
    }

    /** Returns a copy with another outage limit. */
    public EngineSettings withOutageLimit(Duration changed) {
        return new EngineSettings(retention, recordRetention, changed, reviews);
    }

    /** Returns a copy with other limits of reviews. */
    public EngineSettings withReviews(ReviewLimits changed) {
        return new EngineSettings(retention, recordRetention, outageLimit, changed);
    }
}
