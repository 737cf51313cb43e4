/** Reads the router's YAML files and words what is wrong with them. Internal to this artifact. */
@NullMarked
package dev.architect.router.yaml;

import org.jspecify.annotations.NullMarked;
