"""A Parquet file of a simulated modality: a column `id` (s000000, s000001, ...), then Float32 columns without a dictionary.

    python to_parquet.py VALUES.f32 COLUMNS OUT.parquet

VALUES.f32: Float32, row after row.
"""

import sys

import numpy as np
import pyarrow as pa
from pyarrow import parquet

values_path, columns, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
values = np.fromfile(values_path, dtype="<f4").reshape(-1, columns).T.copy()  # [features, subjects]
ids = [f"s{i:06d}" for i in range(values.shape[1])]
names = ["id", *(f"x{j + 1}" for j in range(columns))]
table = pa.Table.from_arrays([pa.array(ids), *map(pa.array, values)], names=names)
parquet.write_table(table, out, use_dictionary=False, write_statistics=False)
