/** Reads the router's YAML files and reports what is wrong with them by line and field. Internal to this artifact. */
@NullMarked
package dev.architect.router.yaml;

import org.jspecify.annotations.NullMarked;
