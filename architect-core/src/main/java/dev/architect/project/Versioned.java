package dev.architect.project;

/** Something that people and programs edit: whoever changes it names the version that they have seen. */
public interface Versioned {

    /** Its version, and who changed it last. */
    Revision revision();
}
