/** JSON within limits: parsing, trees and objects. */
@NullMarked
package dev.architect.provider.http.json;

import org.jspecify.annotations.NullMarked;
