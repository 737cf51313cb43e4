/** Meters of an Architect in a Micrometer registry. */
module dev.architect.micrometer {
    requires transitive dev.architect.core;
    requires transitive micrometer.core;

    exports dev.architect.micrometer;
}
