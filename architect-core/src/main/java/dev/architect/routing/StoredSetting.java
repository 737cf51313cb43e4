package dev.architect.routing;

import dev.architect.check.Check;
import dev.architect.control.ModelSetting;
import java.time.Instant;

/**
 * What somebody has changed about a model or a provider, for all nodes.
 *
 * @param setting what
 * @param version how often it was changed
 * @param at when it was changed last
 * @param by who changed it last
 */
public record StoredSetting(ModelSetting setting, long version, Instant at, String by) {

    /** Checks every field. */
    public StoredSetting {
        Check.notNull("setting", setting);
        Check.notNegative("version", version);
        Check.notNull("at", at);
        Check.notBlank("by", by);
    }
}
