package dev.architect.setting;

import dev.architect.check.Check;

/**
 * What a node goes by at the moment, and where it came from.
 *
 * @param value as {@link SettingKey#in} gives it
 * @param source where it came from
 * @param configured what it would be if nothing were set in the store
 * @param standard what it would be if nothing were configured either
 */
public record EffectiveSetting(SettingKey key, String value, Source source, String configured, String standard) {

    /** Where a value came from. */
    public enum Source {
        /** It was set in the store, for all nodes. */
        STORED,
        /** The host has configured it, for this node. */
        CONFIGURED,
        /** Nobody has set it. */
        STANDARD
    }

    /** Checks every field. */
    public EffectiveSetting {
        Check.notNull("key", key);
        Check.notNull("value", value);
        Check.notNull("source", source);
        Check.notNull("configured", configured);
        Check.notNull("standard", standard);
    }
}
