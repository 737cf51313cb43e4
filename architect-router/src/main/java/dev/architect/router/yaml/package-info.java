/** Reads YAML files and reports every mistake in them with its line. Internal to this artifact and to architect-runtime. */
@NullMarked
package dev.architect.router.yaml;

import org.jspecify.annotations.NullMarked;
