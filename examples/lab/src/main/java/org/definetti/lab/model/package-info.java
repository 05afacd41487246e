/** Latent models by name: the built-in catalogue and users' own classes. */
@NullMarked
package org.definetti.lab.model;

import org.jspecify.annotations.NullMarked;
