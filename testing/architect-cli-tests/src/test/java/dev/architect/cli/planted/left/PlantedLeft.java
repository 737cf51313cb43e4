package dev.architect.cli.planted.left;

import dev.architect.cli.planted.right.PlantedRight;

/** One half of a cycle of packages, planted for the architecture test. */
public final class PlantedLeft {

    /** Refers to the other half. */
    public PlantedRight other() {
        return new PlantedRight();
    }
}
