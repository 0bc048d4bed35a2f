using PrivateInference.Frontend.Schema;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>The attributes of a sliding window that convolution and every pooling operator have.</summary>
internal static class WindowWriter
{
    public static AttributeProto[] Attributes(SpatialWindow window)
        => [Ints("kernel_shape", window.Kernel), Ints("strides", window.Strides), Ints("pads", window.Pads)];
}
