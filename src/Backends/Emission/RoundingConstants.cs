using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Puts half a unit of a coming truncation into a constant that is added anyway, so that flooring rounds. Works where the
/// truncated value has a single reader and stems from a bias by way of steps that only move or add elements.
/// </summary>
internal sealed class RoundingConstants(RealProgram program, DraftProgram draft)
{
    private readonly Dictionary<int, (int Value, int Tensor)> _constants = [];
    private readonly Dictionary<int, (int Value, int LeftShift, int RightShift)> _sums = [];
    private readonly Dictionary<int, int> _moves = [];

    /// <summary>The value of a program step, and the tensor that is added to every element of it.</summary>
    public void OfferConstant(int step, int value, int tensor) => _constants[step] = (value, tensor);

    /// <summary>A sum whose operands are added as they are, shifted.</summary>
    public void OfferSum(int step, int value, int leftShift, int rightShift) => _sums[step] = (value, leftShift, rightShift);

    public void OfferMove(int step, int value) => _moves[step] = value;

    /// <summary>Adds an integer to every element of a step's value.</summary>
    /// <returns>False, with nothing changed, where no constant is at hand.</returns>
    public bool TryAdd(int step, long amount)
    {
        if (program.Uses(step) != 1)
            return false;
        if (_constants.TryGetValue(step, out (int Value, int Tensor) constant))
        {
            foreach (ref long element in draft.Tensors[constant.Tensor].Elements.AsSpan())
                element += amount;
            return Moved(constant.Value, amount);
        }

        if (_moves.TryGetValue(step, out int move))
            return TryAdd(program.Steps[step].Inputs[0], amount) && Moved(move, amount);
        if (!_sums.TryGetValue(step, out (int Value, int LeftShift, int RightShift) sum))
            return false;
        RealAdd add = (RealAdd)program.Steps[step];
        return (TryAdd(add.Left, amount, sum.LeftShift) || TryAdd(add.Right, add.Subtract ? -amount : amount, sum.RightShift)) && Moved(sum.Value, amount);
    }

    private bool TryAdd(int step, long amount, int shift) => amount >> shift << shift == amount && TryAdd(step, amount >> shift);

    private bool Moved(int value, long amount)
    {
        draft.Values[value].Offset += amount;
        return true;
    }
}
