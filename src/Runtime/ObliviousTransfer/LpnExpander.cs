using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// What both parties of <see cref="SilentOt"/> do alike: adds A·secret to the leaves of each tree, keeps the first results
/// for the next extension and hands out the others. Holds two reserves and a tree a thread, whatever the length of an extension.
/// </summary>
internal sealed class LpnExpander
{
    private readonly LpnParameters _parameters;
    private readonly (LpnCode Code, Block[] Leaves)[] _workers;
    private Block[] _reserve;
    private Block[] _next;
    private int _produced;
    private ulong _row;
    private bool _running;

    /// <param name="parameters">Of the noise.</param>
    /// <param name="seed">Public seed of the matrix.</param>
    /// <param name="reserve">Correlations to consume: the LPN secret, then one for each level of each tree; kept, not copied.</param>
    /// <param name="renews">Whether each extension makes the reserve of the next; if not, there is only one.</param>
    /// <param name="threads">Trees that are made at once; the correlations are the same for any number.</param>
    public LpnExpander(LpnParameters parameters, Block seed, Block[] reserve, bool renews, int threads)
    {
        _parameters = parameters;
        _workers = [.. Enumerable.Range(0, threads).Select(_ => (new LpnCode(seed, parameters.LogDimension), new Block[parameters.Leaves]))];
        _reserve = reserve;
        _next = renews ? new Block[reserve.Length] : [];
    }

    /// <summary>Trees that are made at once.</summary>
    public int TreesAtOnce => _workers.Length;

    /// <summary>The leaves of one of the trees at hand.</summary>
    public Span<Block> Leaves(int worker) => _workers[worker].Leaves;

    /// <summary>Trees that give <paramref name="count"/> correlations and the next reserve.</summary>
    public int TreesFor(int count) => _parameters.TreesFor(count + _next.Length);

    /// <exception cref="InvalidOperationException">
    /// An extension failed: what it consumed may have been sent, and must not be used again.
    /// </exception>
    public void Begin()
    {
        if (_running)
            throw new InvalidOperationException("An earlier extension failed; oblivious transfer has to be set up anew.");
        _running = true;
        _produced = 0;
    }

    /// <summary>The reserved correlations of a tree, one a level.</summary>
    public ReadOnlySpan<Block> Masks(int tree) =>
        _reserve.AsSpan(_parameters.Dimension + (tree * _parameters.Depth), _parameters.Depth);

    /// <summary>Turns the leaves of trees into correlations: the first of an extension become the reserve, the others output.</summary>
    /// <param name="trees">How many, at most <see cref="TreesAtOnce"/>.</param>
    /// <param name="grow">Makes the leaves of one of them; several threads call it.</param>
    /// <param name="output">The extension's.</param>
    public void Emit(int trees, Action<int> grow, Span<Block> output)
    {
        if (trees == 1)
            Make(0);
        else
            Parallel.For(0, trees, Make);
        _row += (ulong)trees * (ulong)_parameters.Leaves;
        for (int i = 0; i < trees; i++)
            Emit(_workers[i].Leaves, output);

        void Make(int worker)
        {
            grow(worker);
            (LpnCode code, Block[] leaves) = _workers[worker];
            code.Row = _row + ((ulong)worker * (ulong)leaves.Length);
            code.AddRows(_reserve.AsSpan(0, _parameters.Dimension), leaves);
        }
    }

    /// <summary>Moves on to the reserve that the extension has made.</summary>
    public void End()
    {
        if (_next.Length == 0)
            return;
        (_reserve, _next) = (_next, _reserve);
        _running = false;
    }

    private void Emit(ReadOnlySpan<Block> rows, Span<Block> output)
    {
        int kept = Move(rows, _next, Math.Min(_produced, _next.Length));
        Move(rows[kept..], output, Math.Max(_produced - _next.Length, 0));
        _produced += rows.Length;
    }

    private static int Move(ReadOnlySpan<Block> rows, Span<Block> destination, int start)
    {
        int count = Math.Min(rows.Length, destination.Length - start);
        rows[..count].CopyTo(destination[start..]);
        return count;
    }
}
