namespace PrivateInference.Backends.Analysis;

/// <summary>
/// Groups the elements of a row-major tensor: element i belongs to channel (i / Inner) mod Channels. N×C×H×W per channel is
/// (C, H·W); each element on its own is (count, 1). Reshaping keeps the map.
/// </summary>
internal readonly record struct ChannelMap(int Channels, int Inner)
{
    public static ChannelMap PerElement(int count) => new(count, 1);

    public int ChannelOf(int element) => element / Inner % Channels;

    /// <summary>Properties per channel of another map of the same <paramref name="count"/> elements, joined where channels merge.</summary>
    public T[] Regroup<T>(IReadOnlyList<T> perChannel, ChannelMap target, int count, Func<T, T, T> join)
    {
        T[] result = new T[target.Channels];
        bool[] seen = new bool[target.Channels];
        for (int i = 0; i < count; i++)
        {
            int channel = target.ChannelOf(i);
            T item = perChannel[ChannelOf(i)];
            result[channel] = seen[channel] ? join(result[channel], item) : item;
            seen[channel] = true;
        }

        return result;
    }
}
