using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// What both parties of <see cref="SilentOt"/> do alike: adds A·secret to the leaves of each tree, keeps the first results
/// for the next extension and hands out the others. Holds two reserves and one tree, whatever the length of an extension.
/// </summary>
internal sealed class LpnExpander
{
    private readonly LpnParameters _parameters;
    private readonly LpnCode _code;
    private readonly Block[] _leaves;
    private Block[] _reserve;
    private Block[] _next;
    private int _produced;
    private bool _running;

    /// <param name="parameters">Of the noise.</param>
    /// <param name="seed">Public seed of the matrix.</param>
    /// <param name="reserve">Correlations to consume: the LPN secret, then one for each level of each tree; kept, not copied.</param>
    /// <param name="renews">Whether each extension makes the reserve of the next; if not, there is only one.</param>
    public LpnExpander(LpnParameters parameters, Block seed, Block[] reserve, bool renews)
    {
        _parameters = parameters;
        _code = new LpnCode(seed, parameters.LogDimension);
        _reserve = reserve;
        _next = renews ? new Block[reserve.Length] : [];
        _leaves = new Block[parameters.Leaves];
    }

    /// <summary>The leaves of the tree at hand.</summary>
    public Span<Block> Leaves => _leaves;

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

    /// <summary>Turns the leaves into correlations: the first of an extension become the reserve, the others output.</summary>
    public void Emit(Span<Block> output)
    {
        _code.AddRows(_reserve.AsSpan(0, _parameters.Dimension), _leaves);
        ReadOnlySpan<Block> rows = _leaves;
        int kept = Move(rows, _next, Math.Min(_produced, _next.Length));
        Move(rows[kept..], output, Math.Max(_produced - _next.Length, 0));
        _produced += rows.Length;
    }

    /// <summary>Moves on to the reserve that the extension has made.</summary>
    public void End()
    {
        if (_next.Length == 0)
            return;
        (_reserve, _next) = (_next, _reserve);
        _running = false;
    }

    private static int Move(ReadOnlySpan<Block> rows, Span<Block> destination, int start)
    {
        int count = Math.Min(rows.Length, destination.Length - start);
        rows[..count].CopyTo(destination[start..]);
        return count;
    }
}
