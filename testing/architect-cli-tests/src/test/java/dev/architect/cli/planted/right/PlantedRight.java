package dev.architect.cli.planted.right;

import dev.architect.cli.planted.left.PlantedLeft;

/** The other half of the planted cycle. */
public final class PlantedRight {

    /** Refers to the first half. */
    public PlantedLeft other() {
        return new PlantedLeft();
    }
}
