using System.Collections.Immutable;

namespace PrivateInference.Passes.Sharing;

/// <summary>A plane cut into patches from its origin; those at the far ends are smaller where the size does not divide it.</summary>
/// <param name="Plane">Sizes of the plane's axes.</param>
/// <param name="Patch">Sizes of a patch, none larger than the plane's.</param>
internal sealed record PatchGrid(ImmutableArray<int> Plane, ImmutableArray<int> Patch)
{
    /// <summary>Number of patches along each axis.</summary>
    public ImmutableArray<int> Counts { get; } = [.. Plane.Zip(Patch, (plane, patch) => (plane + patch - 1) / patch)];

    public int PlaneSize => Plane.Aggregate(1, (a, b) => a * b);

    public int PatchCount => Counts.Aggregate(1, (a, b) => a * b);

    /// <summary>Elements of a whole patch.</summary>
    public int PatchSize => Patch.Aggregate(1, (a, b) => a * b);

    /// <summary>The middle of each patch along an axis: the element at half its length.</summary>
    public int[] Middles(int axis)
        => [.. Enumerable.Range(0, Counts[axis])
            .Select(i => i * Patch[axis])
            .Select(start => start + (Math.Min(Patch[axis], Plane[axis] - start) / 2))];

    /// <summary>For each position along an axis the patch that it lies in.</summary>
    public int[] PatchOf(int axis) => [.. Enumerable.Range(0, Plane[axis]).Select(i => i / Patch[axis])];

    /// <summary>
    /// For each patch, in row-major order, its positions in the row-major plane, as many as the patch size has elements; −1
    /// for those that lie outside of the plane.
    /// </summary>
    public int[][] Windows()
    {
        int[][] windows = new int[PatchCount][];
        for (int patch = 0; patch < windows.Length; patch++)
            windows[patch] = [.. Enumerable.Range(0, PatchSize).Select(element => Position(patch, element))];
        return windows;
    }

    /// <summary>The positions of each patch that lie in the plane, ascending.</summary>
    public int[][] Members() => [.. Windows().Select(w => w.Where(p => p >= 0).ToArray())];

    private int Position(int patch, int element)
    {
        int position = 0, stride = 1;
        for (int axis = Plane.Length - 1; axis >= 0; axis--)
        {
            int at = (patch % Counts[axis] * Patch[axis]) + (element % Patch[axis]);
            if (at >= Plane[axis])
                return -1;
            position += at * stride;
            stride *= Plane[axis];
            patch /= Counts[axis];
            element /= Patch[axis];
        }

        return position;
    }
}
